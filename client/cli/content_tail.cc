#include "client/cli/content_tail.h"

#include <algorithm>

namespace trawl::cli {

void ContentTail::Append(std::string_view part) {
  const std::lock_guard lock(mutex_);
  if (begun_ > buffer_.size() / 2) {
    buffer_.erase(0, begun_);
    begun_ = 0;
  }
  buffer_.append(part);
  if (bytes().size() > kLongestTail) Drop(bytes().size() - kLongestTail);
}

void ContentTail::Take(uint64_t until, const std::function<void(const ContentPiece&)>& use) {
  const std::lock_guard lock(mutex_);
  if (until <= begin_) return;
  const std::string_view known = bytes().substr(0, until - begin_);
  const size_t newline = known.rfind('\n');
  size_t count = newline == std::string_view::npos ? 0 : newline + 1;
  if (known.size() - count > kLongestLine) count = known.size();
  if (count == 0) return;
  use({known.substr(0, count), begin_, line_});
  Drop(count);
}

void ContentTail::TakeRest(const std::function<void(const ContentPiece&)>& use) {
  const std::lock_guard lock(mutex_);
  use({bytes(), begin_, line_});
  Drop(bytes().size());
}

void ContentTail::Drop(size_t count) {
  const std::string_view dropped = bytes().substr(0, count);
  line_ += static_cast<uint64_t>(std::count(dropped.begin(), dropped.end(), '\n'));
  begin_ += count;
  begun_ += count;
}

}  // namespace trawl::cli
