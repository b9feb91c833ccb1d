#include "service/body_decoder.h"

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <new>

namespace trawl::service {
namespace {

// Several members one after the other are one body.
class GzipDecoder final : public BodyDecoder {
 public:
  GzipDecoder() {
    constexpr int kGzipOnly = 16;
    if (inflateInit2(&stream_, MAX_WBITS + kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  Step Decode(std::string_view input, std::span<char> room) override {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(room.size());
    Step step;
    do {
      if (member_ended_ && stream_.avail_in == 0) break;
      if (member_ended_) inflateReset(&stream_);
      const int result = inflate(&stream_, Z_NO_FLUSH);
      member_ended_ = result == Z_STREAM_END;
      if (result == Z_MEM_ERROR) throw std::bad_alloc();
      if (result == Z_BUF_ERROR) break;
      step.ok = result == Z_OK || member_ended_;
    } while (step.ok && stream_.avail_out > 0 && stream_.avail_in > 0);
    step.consumed = input.size() - stream_.avail_in;
    step.produced = room.size() - stream_.avail_out;
    step.ended = member_ended_;
    return step;
  }

  // The window and tables, by zlib's documentation.
  uint64_t memory_bytes() const override { return 48 << 10; }

 private:
  z_stream stream_{};
  bool member_ended_ = false;
};

class BrotliDecoder final : public BodyDecoder {
 public:
  BrotliDecoder() : state_(BrotliDecoderCreateInstance(&Allocate, &Free, this)) {
    if (state_ == nullptr) throw std::bad_alloc();
  }
  ~BrotliDecoder() override { BrotliDecoderDestroyInstance(state_); }

  Step Decode(std::string_view input, std::span<char> room) override {
    const auto* next_in = reinterpret_cast<const uint8_t*>(input.data());
    auto* next_out = reinterpret_cast<uint8_t*>(room.data());
    size_t left_in = input.size();
    size_t left_out = room.size();
    const BrotliDecoderResult result = BrotliDecoderDecompressStream(
        state_, &left_in, &next_in, &left_out, &next_out, /*total_out=*/nullptr);
    Step step;
    step.ended = result == BROTLI_DECODER_RESULT_SUCCESS;
    step.ok = result != BROTLI_DECODER_RESULT_ERROR && (!step.ended || left_in == 0);
    step.consumed = input.size() - left_in;
    step.produced = room.size() - left_out;
    return step;
  }

  uint64_t memory_bytes() const override { return memory_bytes_; }

 private:
  // Each block begins with its size.
  static constexpr size_t kHead = alignof(std::max_align_t);

  static void* Allocate(void* self, size_t size) {
    auto* const block = static_cast<char*>(std::malloc(size + kHead));
    if (block == nullptr) return nullptr;
    *reinterpret_cast<size_t*>(block) = size;
    static_cast<BrotliDecoder*>(self)->memory_bytes_ += size;
    return block + kHead;
  }

  static void Free(void* self, void* memory) {
    if (memory == nullptr) return;
    char* const block = static_cast<char*>(memory) - kHead;
    static_cast<BrotliDecoder*>(self)->memory_bytes_ -= *reinterpret_cast<size_t*>(block);
    std::free(block);
  }

  uint64_t memory_bytes_ = 0;
  BrotliDecoderState* const state_;
};

// Several frames one after the other are one body.
class ZstdDecoder final : public BodyDecoder {
 public:
  ZstdDecoder() : stream_(ZSTD_createDStream()) {
    // What RFC 9659 asks of windows on the web: 8 MiB at most.
    constexpr int kWindowLog = 23;
    if (stream_ == nullptr) throw std::bad_alloc();
    ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, kWindowLog);
  }
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }

  Step Decode(std::string_view input, std::span<char> room) override {
    if (begins_ && input.empty()) return {.ended = frame_ended_};
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    Step step;
    do {
      // A frame that is all there in one piece is unpacked without a look at its window.
      in.size = begins_ ? in.pos + 1 : input.size();
      const size_t result = ZSTD_decompressStream(stream_, &out, &in);
      step.ok = ZSTD_isError(result) == 0;
      frame_ended_ = result == 0;
      begins_ = frame_ended_;
    } while (step.ok && out.pos < out.size && in.pos < input.size());
    step.consumed = in.pos;
    step.produced = out.pos;
    step.ended = frame_ended_;
    return step;
  }

  uint64_t memory_bytes() const override { return ZSTD_sizeof_DStream(stream_); }

 private:
  ZSTD_DStream* const stream_;
  bool frame_ended_ = false;
  bool begins_ = true;  // the next byte is a frame's first
};

}  // namespace

std::unique_ptr<BodyDecoder> BodyDecoder::For(std::string_view encoding) {
  if (encoding == "gzip" || encoding == "x-gzip") return std::make_unique<GzipDecoder>();
  if (encoding == "br") return std::make_unique<BrotliDecoder>();
  if (encoding == "zstd") return std::make_unique<ZstdDecoder>();
  return nullptr;
}

}  // namespace trawl::service
