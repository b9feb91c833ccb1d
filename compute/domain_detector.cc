#include "compute/domain_detector.h"

namespace trawl::compute {

DomainDetector::DomainDetector(const Ruleset& ruleset) : ruleset_(ruleset) {}

void DomainDetector::Scan(std::string_view document, Chunk chunk, const ScanOptions& options,
                          FindingList& findings) const {
  (void)document, (void)chunk, (void)options, (void)findings, (void)ruleset_;
}

}  // namespace trawl::compute
