// Bytes of any origin, made safe to show on a terminal.
//
// Well-formed UTF-8 passes as it is. What could move the cursor, change colours or reorder text is
// written as an escape: ill-formed bytes as `\xHH`, controls (C0, DEL, C1), line and paragraph
// separators, and bidirectional marks as `\u{HEX}`. A tab passes.
#ifndef TRAWL_CLIENT_CLI_PRINTABLE_H_
#define TRAWL_CLIENT_CLI_PRINTABLE_H_

#include <string>
#include <string_view>

namespace trawl::cli {

void AppendPrintable(std::string_view bytes, std::string& out);

std::string Printable(std::string_view bytes);

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_PRINTABLE_H_
