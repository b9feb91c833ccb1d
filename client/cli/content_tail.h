// What was sent of a stream, until its answer is written: the lines around findings to come.
//
// A line is kept until it is taken whole, but one of more than kLongestLine comes in pieces. What
// lies more than kLongestTail behind what was sent last is dropped: a server is never so far behind
// by its flow control, but where a chunk failed it no longer tells how far it is.
//
// Thread-safety: every method may be called from any thread at any time; Append waits for Take.
#ifndef TRAWL_CLIENT_CLI_CONTENT_TAIL_H_
#define TRAWL_CLIENT_CLI_CONTENT_TAIL_H_

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace trawl::cli {

// A part of a file's content that begins with a line.
struct ContentPiece {
  std::string_view bytes;
  // Where it begins in the content.
  uint64_t begin = 0;
  // Number of its first line, from 1.
  uint64_t line = 1;
};

class ContentTail {
 public:
  static constexpr size_t kLongestLine = 1 << 20;
  static constexpr size_t kLongestTail = 64 << 20;

  void Append(std::string_view part);

  // Hands the lines that end before `until` to `use` and forgets them. Does nothing where there are
  // none.
  void Take(uint64_t until, const std::function<void(const ContentPiece&)>& use);

  // The same with all that is left, also where that is nothing.
  void TakeRest(const std::function<void(const ContentPiece&)>& use);

 private:
  std::string_view bytes() const { return std::string_view(buffer_).substr(begun_); }
  void Drop(size_t count);

  std::mutex mutex_;
  std::string buffer_;
  size_t begun_ = 0;  // what is kept of `buffer_`
  uint64_t begin_ = 0;
  uint64_t line_ = 1;
};

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_CONTENT_TAIL_H_
