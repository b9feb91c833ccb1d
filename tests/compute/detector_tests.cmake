# What decides what a domain is.
set(detector_tests ${CMAKE_CURRENT_LIST_DIR})
get_filename_component(source_dir ${detector_tests}/../.. ABSOLUTE)

add_library(reference_detector STATIC
  ${source_dir}/tests/support/documents.cc
  ${source_dir}/tests/support/kind_documents.cc
  ${source_dir}/tests/support/kind_scan.cc
  ${source_dir}/tests/support/reference_address.cc
  ${source_dir}/tests/support/reference_detector.cc
  ${source_dir}/tests/support/reference_kinds.cc
  ${source_dir}/tests/support/reference_unicode.cc
  ${source_dir}/tests/support/reference_url.cc
)
target_link_libraries(reference_detector PUBLIC trawl_compute PRIVATE ICU::uc ICU::i18n)
if(TRAWL_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Sanitized, gcc 12 warns of std::regex's own parts (gcc#105562).
  set_source_files_properties(${source_dir}/tests/support/reference_detector.cc
    PROPERTIES COMPILE_OPTIONS -Wno-maybe-uninitialized)
endif()

trawl_add_test(ruleset_test
  SOURCES
    ${detector_tests}/kernel_test.cc
    ${detector_tests}/lookalikes_test.cc
    ${detector_tests}/public_suffix_list_test.cc
    ${detector_tests}/punycode_test.cc
    ${detector_tests}/ruleset_test.cc
  LIBRARIES trawl_compute)

trawl_add_test(domain_detector_test
  SOURCES
    ${detector_tests}/domain_detector_test.cc
    ${detector_tests}/domain_explain_test.cc
    ${detector_tests}/domain_golden_test.cc
    ${detector_tests}/domain_semantics_doc_test.cc
    ${source_dir}/tests/support/doc_examples.cc
  LIBRARIES reference_detector nlohmann_json::nlohmann_json)
target_compile_definitions(domain_detector_test PRIVATE TRAWL_SOURCE_DIR="${source_dir}")

trawl_add_test(domain_property_test
  SOURCES
    ${detector_tests}/code_points_test.cc
    ${detector_tests}/domain_cost_test.cc
    ${detector_tests}/domain_engine_test.cc
    ${detector_tests}/domain_explain_property_test.cc
    ${detector_tests}/domain_kernel_test.cc
    ${detector_tests}/domain_property_test.cc
    ${detector_tests}/domain_reference_test.cc
    ${detector_tests}/domain_repeats_test.cc
    ${detector_tests}/idna_test.cc
    ${detector_tests}/domain_stream_test.cc
    ${source_dir}/tests/support/stream_driver.cc
  LIBRARIES reference_detector nlohmann_json::nlohmann_json)
target_compile_definitions(domain_property_test PRIVATE TRAWL_SOURCE_DIR="${source_dir}")

trawl_add_test(kinds_test
  SOURCES
    ${detector_tests}/kinds_cost_test.cc
    ${detector_tests}/kinds_doc_test.cc
    ${detector_tests}/kinds_property_test.cc
    ${detector_tests}/kinds_reference_test.cc
    ${detector_tests}/kinds_stream_test.cc
    ${detector_tests}/place_kernel_test.cc
    ${source_dir}/tests/support/doc_examples.cc
    ${source_dir}/tests/support/stream_driver.cc
  LIBRARIES reference_detector)
target_compile_definitions(kinds_test PRIVATE TRAWL_SOURCE_DIR="${source_dir}")
