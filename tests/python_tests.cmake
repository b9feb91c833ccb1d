# Tests in Python: one ctest test for each test method, run by e2e/run.py.

set(TRAWL_PYTHON /usr/bin/python3 CACHE FILEPATH "Python that has Debian's grpc and protobuf")

# What a test of processes needs: the programs, and the Python client for its messages.
set(TRAWL_PYTHON_PATH
  ${CMAKE_CURRENT_SOURCE_DIR}/e2e:${CMAKE_CURRENT_SOURCE_DIR}/python:${PROJECT_SOURCE_DIR}/client/python/src)
set(TRAWL_PYTHON_ENVIRONMENT
  "PYTHONDONTWRITEBYTECODE=1"
  "E2E_TRAWLD=$<TARGET_FILE:trawld>"
  "E2E_TRAWL=$<TARGET_FILE:trawl>"
  "E2E_SOURCE_DIR=${PROJECT_SOURCE_DIR}"
  "E2E_DESCRIPTORS=${PROJECT_BINARY_DIR}/share/trawl/trawl.binpb"
  "LSAN_OPTIONS=${TRAWL_LSAN_OPTIONS}")

# The modules of the current folder, as tests named GROUP.CLASS.METHOD. ENVIRONMENT: further
# variables.
function(trawl_add_python_tests group)
  cmake_parse_arguments(ARG "" "" "MODULES;ENVIRONMENT" ${ARGN})
  foreach(module IN LISTS ARG_MODULES)
    set(file ${CMAKE_CURRENT_SOURCE_DIR}/${module}.py)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    file(STRINGS ${file} lines REGEX "^class [A-Za-z]+Test\\(|^    (async )?def test_")
    foreach(line IN LISTS lines)
      if(line MATCHES "^class ([A-Za-z]+)")
        set(class ${CMAKE_MATCH_1})
        continue()
      endif()
      string(REGEX REPLACE "^ +(async )?def (test_[a-z0-9_]+).*" "\\2" method "${line}")
      set(name ${group}.${class}.${method})
      add_test(NAME ${name}
        # -P: modules come from the folder of the test first, and not from that of run.py.
        COMMAND ${TRAWL_PYTHON} -P ${PROJECT_SOURCE_DIR}/tests/e2e/run.py
          ${module} ${class}.${method})
      set_tests_properties(${name} PROPERTIES
        LABELS ${group} SKIP_RETURN_CODE 77 TIMEOUT 600
        ENVIRONMENT "PYTHONPATH=${CMAKE_CURRENT_SOURCE_DIR}:${TRAWL_PYTHON_PATH};${TRAWL_PYTHON_ENVIRONMENT};${ARG_ENVIRONMENT}")
    endforeach()
  endforeach()
endfunction()
