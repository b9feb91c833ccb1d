#include "compute/url_host.h"

#include <algorithm>

#include "compute/code_points.h"

namespace trawl::compute {
namespace {

constexpr std::string_view kLocalhost = "localhost";

// Whether one number, written in decimal, is too short for a whole address.
bool IsSmallNumber(std::string_view written) {
  return written.size() < 8 && std::all_of(written.begin(), written.end(), IsDigit);
}

std::optional<UrlHost> ReadIpv6Host(std::string_view document, size_t begin) {
  const size_t close = document.substr(begin, kMaxIpv6Bytes + 2).find(']');
  if (close == std::string_view::npos) return std::nullopt;
  const std::optional<Ipv6> address = ReadIpv6(document.substr(begin + 1, close - 1));
  if (!address.has_value()) return std::nullopt;
  UrlHost host;
  host.end = begin + close + 1;
  host.value = "[" + ToText(*address) + "]";
  host.reasons.Add(Reason::kAnchored);
  return host;
}

std::optional<UrlHost> ReadIpv4Host(std::string_view document, size_t begin, Defang defang) {
  UrlHost host;
  host.reasons.Add(Reason::kAnchored);
  std::optional<Ipv4Text> read = ReadIpv4(document, begin, defang);
  if (read.has_value() && IsHostEnd(document, read->end, defang)) {
    if (read->defanged) host.reasons.Add(Reason::kDefanged);
    if (read->escaped) {
      host.reasons.Add(Reason::kEscapedDot);
      host.confidence = Confidence::kMedium;
    }
  } else {
    read = ReadObfuscatedIpv4(document, begin, defang);
    if (!read.has_value()) return std::nullopt;
    host.reasons.Add(Reason::kObfuscated);
    host.confidence = ConfidenceOfObfuscated(document.substr(begin, read->end - begin));
  }
  host.end = read->end;
  host.value = ToText(read->address);
  return host;
}

std::optional<UrlHost> ReadLocalhost(std::string_view document, size_t begin, Defang defang) {
  const std::string_view written = document.substr(begin, kLocalhost.size());
  const bool same = std::equal(written.begin(), written.end(), kLocalhost.begin(), kLocalhost.end(),
                               [](char a, char b) { return ToLower(a) == b; });
  if (!same || !IsHostEnd(document, begin + kLocalhost.size(), defang)) return std::nullopt;
  UrlHost host;
  host.end = begin + kLocalhost.size();
  host.value = kLocalhost;
  host.reasons = {Reason::kAnchored, Reason::kSpecialUse};
  return host;
}

}  // namespace

std::optional<UrlHost> ReadUrlHost(std::string_view document, size_t begin,
                                   const ScanOptions& options, HostReader& hosts) {
  if (begin >= document.size()) return std::nullopt;
  const char first = document[begin];
  if (first == '[') return ReadIpv6Host(document, begin);
  if (IsDigit(first)) {
    if (auto host = ReadIpv4Host(document, begin, options.defang)) return host;
  }
  if (options.special_use && ToLower(first) == 'l') {
    if (auto host = ReadLocalhost(document, begin, options.defang)) return host;
  }
  const FoundHost* const found = hosts.ReadAt(begin);
  if (found == nullptr) return std::nullopt;
  UrlHost host;
  host.end = found->finding.end;
  host.value = found->value();
  host.registrable = found->finding.registrable_size;
  host.confidence = found->finding.confidence;
  host.reasons = found->finding.reasons;
  return host;
}

std::optional<Ipv4Text> ReadObfuscatedIpv4(std::string_view document, size_t begin, Defang defang) {
  const std::optional<Ipv4Text> plain = ReadIpv4(document, begin, defang);
  if (plain.has_value() && IsHostEnd(document, plain->end, defang)) return std::nullopt;
  std::optional<Ipv4Text> read = ReadUrlIpv4(document, begin);
  if (read.has_value() && !IsHostEnd(document, read->end, defang)) return std::nullopt;
  return read;
}

Confidence ConfidenceOfObfuscated(std::string_view written) {
  return IsSmallNumber(written) ? Confidence::kLow : Confidence::kHigh;
}

}  // namespace trawl::compute
