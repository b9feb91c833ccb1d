// The examples of a page of rules: lines of the form - `in` -> `out`, `out`.
//
// Thread-safety: any thread.

#ifndef TRAWL_TESTS_SUPPORT_DOC_EXAMPLES_H_
#define TRAWL_TESTS_SUPPORT_DOC_EXAMPLES_H_

#include <string>
#include <vector>

namespace trawl::test {

struct DocExample {
  int line = 0;
  std::string in;                // `<U+200B>` and `<xFF>` are read as what they stand for
  std::vector<std::string> out;  // none where the page says nothing
};

// Of the page at `path`. A line that is malformed is a failure of the test that runs.
std::vector<DocExample> ReadDocExamples(const std::string& path);

}  // namespace trawl::test

#endif  // TRAWL_TESTS_SUPPORT_DOC_EXAMPLES_H_
