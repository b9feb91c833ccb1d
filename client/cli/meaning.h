// What verdicts and reasons mean, in a sentence each, for people.
//
// Thread-safety: any thread.
#ifndef TRAWL_CLIENT_CLI_MEANING_H_
#define TRAWL_CLIENT_CLI_MEANING_H_

#include <string>
#include <string_view>

#include "trawl/v1/content.pb.h"

namespace trawl::cli {

// Of the byte that was asked about. Empty for a value that this version does not know.
std::string_view MeaningOf(v1::Verdict verdict);

// Of the name found. Empty likewise.
std::string_view MeaningOf(v1::Reason reason);

// The value's name in the proto without what all values of its enum begin with: "NO_DOT". The
// number, where this version does not know it.
std::string NameOf(v1::Verdict verdict);
std::string NameOf(v1::Reason reason);
std::string NameOf(v1::Confidence confidence);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_MEANING_H_
