#include "compute/all_detectors.h"

#include "compute/digest_detector.h"
#include "compute/domain_detector.h"
#include "compute/email_detector.h"
#include "compute/ipv4_detector.h"
#include "compute/ipv6_detector.h"
#include "compute/url_detector.h"

namespace trawl::compute {

std::vector<std::unique_ptr<const Detector>> AllDetectors(const Ruleset& ruleset,
                                                          const Kernel& kernel) {
  std::vector<std::unique_ptr<const Detector>> detectors;
  detectors.push_back(std::make_unique<DomainDetector>(ruleset, kernel));
  detectors.push_back(std::make_unique<UrlDetector>(ruleset, kernel));
  detectors.push_back(std::make_unique<EmailDetector>(ruleset, kernel));
  detectors.push_back(std::make_unique<Ipv4Detector>(kernel));
  detectors.push_back(std::make_unique<Ipv6Detector>(kernel));
  for (Kind kind : {Kind::kMd5, Kind::kSha1, Kind::kSha256, Kind::kSha512}) {
    detectors.push_back(std::make_unique<DigestDetector>(kind, kernel));
  }
  return detectors;
}

}  // namespace trawl::compute
