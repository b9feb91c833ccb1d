// The priority of threads that others go before: those that compute, and those that do what can
// wait a little.
//
// To be nice is not enough where Linux schedules by eligibility (6.6 and later): a thread that has
// just had its share waits for the end of a nice one's slice, 3 to 5 ms, whatever its priority.
// Hence a short slice (6.12 and later; others ignore it).
//
// Thread-safety: a value.

#ifndef TRAWL_COMPUTE_THREAD_PRIORITY_H_
#define TRAWL_COMPUTE_THREAD_PRIORITY_H_

namespace trawl::compute {

class ThreadPriority {
 public:
  // `nice`, 0 to 19, is added to the nice value of the thread that makes this; 0 changes nothing.
  explicit ThreadPriority(int nice);

  // Gives it to the calling thread, whatever that has or inherited. No privilege is needed where it
  // has more. Where it cannot be given, nothing changes.
  void Apply() const;

 private:
  const bool lowers_;
  const int nice_;  // absolute
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_THREAD_PRIORITY_H_
