#include "service/token_list.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace trawl::service {
namespace {

// A list is gone through for each call.
constexpr size_t kMaxTokens = 1000;
constexpr size_t kMinTokenBytes = 16;
constexpr absl::string_view kDigestPrefix = "sha256:";

absl::Status Refuse(size_t line, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("line ", line, ": ", why));
}

// token68 of RFC 6750.
bool IsToken(absl::string_view text) {
  while (absl::ConsumeSuffix(&text, "=")) {
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || absl::string_view("-._~+/").find(c) != absl::string_view::npos;
  });
}

absl::StatusOr<Sha256Digest> DigestFrom(size_t line, absl::string_view token) {
  if (absl::ConsumePrefix(&token, kDigestPrefix)) {
    Sha256Digest digest;
    if (token.size() != 2 * digest.size() ||
        !std::all_of(token.begin(), token.end(), absl::ascii_isxdigit)) {
      return Refuse(line, "sha256: wants 64 hexadecimal digits");
    }
    const std::string bytes = absl::HexStringToBytes(token);
    std::copy(bytes.begin(), bytes.end(), digest.begin());
    return digest;
  }
  if (!IsToken(token)) {
    return Refuse(line, "a token is of letters, digits and -._~+/, perhaps with = at its end");
  }
  if (token.size() < kMinTokenBytes) {
    return Refuse(line, absl::StrCat("the token has ", token.size(), " characters, fewer than ",
                                     kMinTokenBytes));
  }
  return Sha256({token.data(), token.size()});
}

}  // namespace

absl::StatusOr<TokenList> TokenList::Parse(std::string_view text) {
  TokenList list;
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    ++number;
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty() || absl::StartsWith(words[0], "#")) continue;
    if (list.size() == kMaxTokens) {
      return Refuse(number, absl::StrCat("there are over ", kMaxTokens, " tokens, the limit"));
    }
    const absl::StatusOr<Sha256Digest> digest = DigestFrom(number, words[0]);
    if (!digest.ok()) return digest.status();
    if (std::find(list.digests_.begin(), list.digests_.end(), *digest) != list.digests_.end()) {
      return Refuse(number, "the token is there already");
    }
    Holder holder{absl::StrCat("line ", number), std::nullopt};
    for (auto word = words.begin() + 1; word != words.end(); ++word) {
      absl::string_view value = *word;
      if (absl::ConsumePrefix(&value, "name=") && !value.empty()) {
        holder.name = std::string(value);
      } else if (absl::ConsumePrefix(&value, "methods=")) {
        absl::StatusOr<MethodSet> methods = MethodSet::Parse({value.data(), value.size()});
        if (value.empty() || !methods.ok()) {
          return Refuse(number,
                        "methods= wants METHOD, SERVICE/METHOD or SERVICE/*, with commas "
                        "between; METHOD is one of ContentService");
        }
        holder.methods = *std::move(methods);
      } else {
        return Refuse(number, "after the token there may be name=NAME and methods=METHOD,...");
      }
    }
    list.digests_.push_back(*digest);
    list.holders_.push_back(std::move(holder));
  }
  if (list.size() == 0) return absl::InvalidArgumentError("has no token");
  return list;
}

const TokenList::Holder* TokenList::Find(std::string_view token) const {
  const Sha256Digest digest = Sha256(token);
  const Holder* found = nullptr;
  for (size_t i = 0; i < digests_.size(); ++i) {
    if (EqualInConstantTime(digests_[i], digest)) found = &holders_[i];
  }
  return found;
}

}  // namespace trawl::service
