// What the `void*` tag of a completion queue points at, here.

#ifndef TRAWL_SERVICE_RPC_COMPLETION_TAG_H_
#define TRAWL_SERVICE_RPC_COMPLETION_TAG_H_

namespace trawl::rpc {

class CompletionTag {
 public:
  // Called once for each time the tag was given to gRPC, on the thread that polls its queue. May
  // destroy the tag.
  virtual void Complete(bool ok) noexcept = 0;

  // The pointer to give to gRPC: always of this base, which the poller casts back to.
  void* tag() { return this; }

 protected:
  ~CompletionTag() = default;
};

}  // namespace trawl::rpc

#endif  // TRAWL_SERVICE_RPC_COMPLETION_TAG_H_
