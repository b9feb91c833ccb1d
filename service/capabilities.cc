#include "service/capabilities.h"

#include <string>

#include "compute/detector.h"
#include "service/stream_session.h"
#include "service/version.h"

namespace trawl::service {

namespace {

void Fill(const UrlLimits& limits, v1::UrlFetching& proto) {
  proto.set_max_timeout_ms(static_cast<uint32_t>(limits.max_timeout.count()));
  proto.set_max_body_bytes(limits.max_body_bytes);
  proto.set_max_redirects(limits.max_redirects);
  proto.set_max_included_body_bytes(limits.max_included_body_bytes);
  proto.set_max_url_bytes(limits.max_url_bytes);
  proto.set_max_header_bytes(limits.max_header_bytes);
  proto.set_max_fetches(limits.max_fetches);
  proto.set_max_fetches_per_host(limits.max_fetches_per_host);
  proto.set_user_agent(limits.user_agent);
  for (uint16_t port : limits.ports) proto.add_ports(port);
}

}  // namespace

v1::GetCapabilitiesResponse Capabilities(const compute::Engine& engine, const v1::Ruleset& ruleset,
                                         const RequestLimits& limits,
                                         const Admission::Options& admission) {
  v1::GetCapabilitiesResponse response;
  response.set_version(kVersion);
  for (const compute::Detector* detector : engine.detectors()) {
    const auto kind = static_cast<v1::Kind>(detector->kind());
    response.add_kinds(kind);
    v1::KindReach& reach = *response.add_reaches();
    reach.set_kind(kind);
    reach.set_left(static_cast<uint32_t>(detector->reach().left));
    reach.set_right(static_cast<uint32_t>(detector->reach().right + detector->anchor_offset()));
    reach.set_longest(static_cast<uint32_t>(detector->longest()));
  }
  for (int form = v1::RESULT_FORM_FINDINGS; form <= v1::ResultForm_MAX; ++form) {
    response.add_result_forms(static_cast<v1::ResultForm>(form));
  }
  const compute::ProcessOptions defaults;
  for (compute::Kind kind : defaults.wanted.kinds) {
    response.mutable_defaults()->add_kinds(static_cast<v1::Kind>(kind));
  }
  response.mutable_defaults()->set_min_confidence(
      static_cast<v1::Confidence>(defaults.scan.min_confidence));
  response.mutable_defaults()->set_result_form(ContentOptions().result_form);
  response.mutable_defaults()->set_max_findings(limits.max_findings);
  response.mutable_defaults()->set_defang(v1::DEFANG_MODE_ON);
  response.mutable_defaults()->set_unknown_tld(v1::UNKNOWN_TLD_NOWHERE);
  response.mutable_defaults()->set_nesting(v1::NESTING_ALL);
  response.mutable_defaults()->set_offset_unit(ContentOptions().offset_unit);
  response.mutable_defaults()->set_encoding(ContentOptions().encoding);
  response.set_max_content_bytes(limits.max_content_bytes);
  response.set_max_batch_documents(limits.max_batch_documents);
  response.set_max_chunk_count(limits.max_chunk_count);
  response.set_max_findings(limits.max_findings);
  response.set_max_chunk_bytes(engine.options().max_chunk_bytes);
  response.set_max_calls_in_flight(admission.max_calls);
  response.set_max_bytes_in_flight(admission.max_bytes);
  response.set_workers(engine.executor().workers());
  response.set_kernel(std::string(engine.kernel()));
  response.set_context_bytes(compute::kContextBytes);
  *response.mutable_ruleset() = ruleset;
  response.set_max_stream_buffer_bytes(kMaxStreamBufferBytes);
  response.set_max_wait_ms(static_cast<uint32_t>(admission.max_wait.count()));
  response.set_stream_idle_seconds(static_cast<uint32_t>(limits.stream_idle.count()));
  if (limits.url.has_value()) Fill(*limits.url, *response.mutable_url_fetching());
  return response;
}

}  // namespace trawl::service
