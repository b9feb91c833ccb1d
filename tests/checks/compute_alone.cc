// Uses the engine as a library, linked with nothing else of ours. Building it proves that compute/
// needs no transport; compute_layering reads from the program what it loads.

#include "compute/domain_detector.h"
#include "compute/engine.h"
#include "compute/executor.h"
#include "compute/ruleset.h"

int main() {
  const auto ruleset = trawl::compute::Ruleset::Load({});
  if (!ruleset.ok()) return 1;
  const trawl::compute::DomainDetector detector(*ruleset);
  trawl::compute::Executor executor({.workers = 1});
  const trawl::compute::Engine engine(executor, {&detector}, {});
  const auto report = engine.Process("see https://www.example.com/ there", {});
  return report.ok() && report->total_count == 1 ? 0 : 1;
}
