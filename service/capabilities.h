// What GetCapabilities answers: the same for the life of the process.
//
// Thread-safety: a function of its arguments.

#ifndef TRAWL_SERVICE_CAPABILITIES_H_
#define TRAWL_SERVICE_CAPABILITIES_H_

#include "compute/engine.h"
#include "service/admission.h"
#include "service/request.h"
#include "trawl/v1/content.pb.h"

namespace trawl::service {

v1::GetCapabilitiesResponse Capabilities(const compute::Engine& engine, const v1::Ruleset& ruleset,
                                         const RequestLimits& limits,
                                         const Admission::Options& admission);

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_CAPABILITIES_H_
