// A tail ends before a byte that no URL has, before a closing bracket that it has not opened, and
// before what is more likely to be the text around it; then punctuation is cut off its end.

#include "compute/url_tail.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "compute/code_points.h"
#include "compute/notation.h"
#include "compute/url_scheme.h"

namespace trawl::compute {
namespace {

enum class Role : uint8_t {
  kStop,
  kPlain,        // may be the last byte
  kPunctuation,  // may not
  kSeparator,    // punctuation that may stand between two URLs
  kOpening,
  kClosing,
  kAmpersand,
  kBackslash,
  kNonAscii,
};

constexpr std::array<Role, 256> kRoles = [] {
  std::array<Role, 256> roles{};
  for (size_t c = 0; c < 256; ++c) {
    if (c >= 0x80) roles[c] = Role::kNonAscii;
    if (IsAlphanumeric(static_cast<char>(c))) roles[c] = Role::kPlain;
  }
  for (unsigned char c : std::string_view("/-_~%=$@")) roles[c] = Role::kPlain;
  for (unsigned char c : std::string_view(".:?!'*+#")) roles[c] = Role::kPunctuation;
  for (unsigned char c : std::string_view(",;")) roles[c] = Role::kSeparator;
  for (unsigned char c : std::string_view("([{")) roles[c] = Role::kOpening;
  for (unsigned char c : std::string_view(")]}")) roles[c] = Role::kClosing;
  roles['&'] = Role::kAmpersand;
  roles['\\'] = Role::kBackslash;
  return roles;
}();

// What begins at `position`, case of ASCII letters aside; `lower` is lower case.
bool StartsWith(std::string_view text, size_t position, std::string_view lower) {
  if (position > text.size() || text.size() - position < lower.size()) return false;
  for (size_t i = 0; i < lower.size(); ++i) {
    if (ToLower(text[position + i]) != lower[i]) return false;
  }
  return true;
}

// An HTML entity that stands for what ends a URL.
bool IsEndingEntity(std::string_view text, size_t position) {
  for (std::string_view entity :
       {"&quot;", "&lt;", "&gt;", "&apos;", "&nbsp;", "&#34;", "&#39;", "&#x22;", "&#x27;"}) {
    if (StartsWith(text, position, entity)) return true;
  }
  return false;
}

bool IsSchemeAt(std::string_view text, size_t position) {
  for (std::string_view scheme : {"http", "hxxp", "ftp:", "ftp[", "fxp"}) {
    if (StartsWith(text, position, scheme)) return true;
  }
  return false;
}

// A date, as the next column of a line of CSV often is.
bool IsDateAt(std::string_view text, size_t position) {
  constexpr std::string_view kForm = "0000-00-00";
  if (position > text.size() || text.size() - position < kForm.size()) return false;
  for (size_t i = 0; i < kForm.size(); ++i) {
    const char c = text[position + i];
    if (kForm[i] == '-' ? c != '-' : !IsDigit(c)) return false;
  }
  return true;
}

class TailReader {
 public:
  TailReader(std::string_view text, size_t url_begin, size_t begin, Defang defang,
             std::string& value)
      : text_(text),
        limit_(std::min(text.size(), url_begin + kMaxUrlBytes)),
        defang_(defang),
        quote_(QuoteBefore(text, url_begin)),
        position_(begin),
        value_(value),
        last_(begin),
        last_size_(value.size()) {}

  UrlTail Read() {
    while (position_ < limit_ && Step()) {
    }
    const bool cut =
        position_ >= limit_ && position_ < text_.size() && RoleAt(position_) != Role::kStop;
    for (size_t i = 0; i < depths_.size(); ++i) {
      if (depths_[i] > 0 && before_[i].last < last_) {
        last_ = before_[i].last;
        last_size_ = before_[i].last_size;
      }
    }
    value_.resize(last_size_);
    return {last_, truncated_ || cut};
  }

 private:
  // A byte that, left of a URL, also ends it.
  static char QuoteBefore(std::string_view text, size_t begin) {
    constexpr std::string_view kQuotes = "',;*";
    const char c = begin > 0 ? text[begin - 1] : '\0';
    return kQuotes.find(c) != std::string_view::npos ? c : '\0';
  }

  Role RoleAt(size_t position) const { return kRoles[static_cast<unsigned char>(text_[position])]; }

  // `size` bytes that stand for `as`; `may_end` where the URL may end with them.
  bool Take(size_t size, std::string_view as, bool may_end) {
    if (position_ + size > limit_) return Cut();
    value_ += as;
    position_ += size;
    if (may_end) last_ = position_, last_size_ = value_.size();
    return true;
  }
  bool TakeAsWritten(size_t size, bool may_end) {
    return Take(size, text_.substr(position_, size), may_end);
  }
  bool Cut() {
    truncated_ = true;
    return false;
  }

  bool Step() {
    const char c = text_[position_];
    if ((c == ':' || c == '_') && IsUrlPlace(text_, position_) && ++inner_ > kMaxInnerUrls) {
      return Cut();
    }
    if (quote_ != '\0' && c == quote_) return false;
    switch (RoleAt(position_)) {
      case Role::kPlain:
        return TakeAsWritten(1, true);
      case Role::kPunctuation:
        return c == '.' ? StepDot() : TakeAsWritten(1, false);
      case Role::kSeparator:
        return !IsSchemeAt(text_, position_ + 1) && !IsDateAt(text_, position_ + 1) &&
               TakeAsWritten(1, false);
      case Role::kOpening:
        return StepOpening(c);
      case Role::kClosing:
        return StepClosing(c);
      case Role::kAmpersand:
        return !IsEndingEntity(text_, position_) && TakeAsWritten(1, true);
      case Role::kBackslash:
        return StepBackslash();
      case Role::kNonAscii:
        return StepNonAscii();
      default:
        return false;
    }
  }

  bool StepDot() {
    const Dot dot = DotAt(text_, position_, defang_);
    return Take(dot.size, ".", false);
  }

  bool StepOpening(char c) {
    if (defang_ != Defang::kOff) {
      const Dot dot = DotAt(text_, position_, defang_);
      if (dot.kind == DotKind::kDefanged && dot.size > 0) return Take(dot.size, ".", false);
      if (StartsWith(text_, position_, "[.]")) return Take(3, ".", false);
      if (StartsWith(text_, position_, "[/]")) return Take(3, "/", true);
    }
    const size_t i = IndexOf(c);
    if (depths_[i]++ == 0) before_[i] = {last_, last_size_};
    return TakeAsWritten(1, false);
  }

  bool StepClosing(char c) {
    const size_t i = IndexOf(c);
    if (depths_[i] == 0) return false;
    --depths_[i];
    return TakeAsWritten(1, true);
  }

  // `\/` and `\u0026`, `\u003d`, as JSON has them.
  bool StepBackslash() {
    if (StartsWith(text_, position_, "\\/")) return Take(2, "/", true);
    if (StartsWith(text_, position_, "\\u0026")) return Take(6, "&", true);
    if (StartsWith(text_, position_, "\\u003d")) return Take(6, "=", true);
    return false;
  }

  bool StepNonAscii() {
    const CodePoint c = DecodeAt(text_, position_);
    if (!c.well_formed) return false;
    const HostClass host_class = HostClassOf(c.value);
    if (host_class != HostClass::kSpaced && host_class != HostClass::kUnspaced) return false;
    return TakeAsWritten(c.size, true);
  }

  // Of a kind of brackets.
  static size_t IndexOf(char c) {
    if (c == '(' || c == ')') return 0;
    return c == '[' || c == ']' ? 1 : 2;
  }

  const std::string_view text_;
  const size_t limit_;
  const Defang defang_;
  const char quote_;
  size_t position_;
  std::string& value_;
  size_t last_;
  size_t last_size_;
  size_t inner_ = 0;
  bool truncated_ = false;

  // Of each kind of brackets, those that are open, and where the URL may end left of the first.
  struct End {
    size_t last;
    size_t last_size;
  };
  std::array<uint32_t, 3> depths_{};
  std::array<End, 3> before_{};
};

}  // namespace

UrlTail ReadUrlTail(std::string_view text, size_t url_begin, size_t begin, Defang defang,
                    std::string& value) {
  return TailReader(text, url_begin, begin, defang, value).Read();
}

}  // namespace trawl::compute
