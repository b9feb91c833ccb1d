// The slices of a message as a stream for protobuf's parser.
//
// gRPC's own, ProtoBufferReader, aborts when it is to go back beyond the slice that it gave last,
// which the parser does where it was told how many bytes there are.
//
// Thread-safety: one thread. Lifetime: the slices outlive it.

#ifndef TRAWL_SERVICE_SLICE_STREAM_H_
#define TRAWL_SERVICE_SLICE_STREAM_H_

#include <google/protobuf/io/zero_copy_stream.h>
#include <grpcpp/support/slice.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace trawl::service {

class SliceStream final : public google::protobuf::io::ZeroCopyInputStream {
 public:
  explicit SliceStream(const std::vector<grpc::Slice>& slices) : slices_(slices) {}

  bool Next(const void** data, int* size) override {
    while (slice_ < slices_.size() && offset_ == slices_[slice_].size()) Advance();
    if (slice_ == slices_.size()) return false;
    *data = slices_[slice_].begin() + offset_;
    *size = static_cast<int>(slices_[slice_].size() - offset_);
    count_ += *size;
    offset_ = slices_[slice_].size();
    return true;
  }

  void BackUp(int count) override {
    count_ -= count;
    auto left = static_cast<size_t>(count);
    while (left > offset_ && slice_ > 0) {
      left -= offset_;
      offset_ = slices_[--slice_].size();
    }
    offset_ -= std::min(left, offset_);
  }

  bool Skip(int count) override {
    const void* data = nullptr;
    for (int size = 0; count > 0; count -= size) {
      if (!Next(&data, &size)) return false;
      if (size > count) {
        BackUp(size - count);
        return true;
      }
    }
    return true;
  }

  int64_t ByteCount() const override { return count_; }

 private:
  void Advance() {
    ++slice_;
    offset_ = 0;
  }

  const std::vector<grpc::Slice>& slices_;
  size_t slice_ = 0;   // that is read next, from
  size_t offset_ = 0;  // on
  int64_t count_ = 0;
};

}  // namespace trawl::service

#endif  // TRAWL_SERVICE_SLICE_STREAM_H_
