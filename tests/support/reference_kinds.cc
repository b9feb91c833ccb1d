#include "tests/support/reference_kinds.h"

#include <algorithm>
#include <tuple>

#include "tests/support/reference_detector.h"
#include "tests/support/reference_url.h"

namespace trawl::test {

using compute::Confidence;
using compute::Kind;
using compute::Nesting;

std::string NameOf(Kind kind) {
  switch (kind) {
    case Kind::kDomain:
      return "DOMAIN";
    case Kind::kUrl:
      return "URL";
    case Kind::kEmail:
      return "EMAIL";
    case Kind::kIpv4:
      return "IPV4";
    case Kind::kIpv6:
      return "IPV6";
    case Kind::kMd5:
      return "MD5";
    case Kind::kSha1:
      return "SHA1";
    case Kind::kSha256:
      return "SHA256";
    case Kind::kSha512:
      return "SHA512";
  }
  return "?";
}

std::ostream& operator<<(std::ostream& out, const KindFinding& finding) {
  out << NameOf(finding.kind) << " " << finding.begin << ".." << finding.end << " "
      << static_cast<int>(finding.confidence) << ":" << finding.value << " ("
      << finding.registrable_domain << ")";
  for (int reason = 0; reason < 64; ++reason) {
    if ((finding.reasons >> reason & 1) != 0) out << " " << reason;
  }
  return out;
}

std::vector<KindFinding> FindKindsByReference(const compute::Ruleset& ruleset,
                                              std::string_view document,
                                              const compute::ScanOptions& options,
                                              Nesting nesting) {
  const ReferenceUrl view(ruleset, document, options);
  std::vector<KindFinding> all;
  const auto add = [&all](const std::vector<KindFinding>& findings) {
    all.insert(all.end(), findings.begin(), findings.end());
  };
  for (const auto& domain : FindDomainsByReference(ruleset, document, options)) {
    all.push_back({Kind::kDomain, domain.begin, domain.end, domain.value, domain.registrable_domain,
                   domain.confidence, domain.reasons});
  }
  add(view.Urls());
  add(view.Emails());
  add(view.Ipv4());
  add(view.ObfuscatedAddresses());
  add(view.Ipv6());
  add(view.Digests());
  std::erase_if(all, [&](const KindFinding& f) { return f.confidence < options.min_confidence; });
  std::vector<KindFinding> kept;
  for (const KindFinding& finding : all) {
    const bool inside = std::any_of(all.begin(), all.end(), [&](const KindFinding& other) {
      const bool holds = other.begin <= finding.begin && finding.end <= other.end;
      const bool same = other.begin == finding.begin && other.end == finding.end;
      return holds && (!same || other.kind < finding.kind);
    });
    if (inside && nesting == Nesting::kOutermost) continue;
    if (inside && nesting == Nesting::kDomainsOnly && finding.kind != Kind::kDomain) continue;
    kept.push_back(finding);
  }
  std::sort(kept.begin(), kept.end(), [](const KindFinding& a, const KindFinding& b) {
    return std::tuple(a.begin, b.end, a.kind) < std::tuple(b.begin, a.end, b.kind);
  });
  return kept;
}

std::vector<KindFinding> ToKindFindings(const compute::FindingList& findings) {
  std::vector<KindFinding> all;
  for (const auto& finding : findings) {
    all.push_back({finding.kind, finding.begin, finding.end, std::string(findings.value(finding)),
                   std::string(findings.registrable_domain(finding)), finding.confidence,
                   finding.reasons.bits()});
  }
  return all;
}

}  // namespace trawl::test
