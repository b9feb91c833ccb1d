# Writes data files into a C++ source as raw string literals.
#
#   cmake -DOUTPUT=built_in_data.cc -DPUBLIC_SUFFIX_LIST=FILE -DLOOKALIKES=FILE -P embed.cmake

function(read_literal file literal)
  file(READ "${file}" text)
  if(text MATCHES "\\)data\"")
    message(FATAL_ERROR "${file} holds the end of a raw string literal")
  endif()
  set(${literal} "R\"data(${text})data\"" PARENT_SCOPE)
endfunction()

read_literal("${PUBLIC_SUFFIX_LIST}" public_suffix_list)
read_literal("${LOOKALIKES}" lookalikes)

file(WRITE "${OUTPUT}" "// Written by embed.cmake.

#include \"compute/built_in_data.h\"

namespace trawl::compute {

const std::string_view kBuiltInPublicSuffixList = ${public_suffix_list};

const std::string_view kBuiltInLookalikes = ${lookalikes};

}  // namespace trawl::compute
")
