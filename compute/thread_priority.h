// The priority of threads that others go before: those that compute, and those that do what can
// wait a little; and of those that go first.
//
// To be nice is not enough where Linux schedules by eligibility (6.6 and later): a thread that has
// just had its share waits for the end of a nice one's slice, which is noticed by the tick of the
// clock only, up to 4 ms later, whatever the priorities. Hence slices (6.12 and later; others
// ignore them): one that wakes takes the processor at once from one with a longer slice, where it
// has not just had its share. And hence GiveWay, for where it has.
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

  // Lets others go first who wait for the processor, if the calling thread was given a lower
  // priority. To be called every few hundred microseconds.
  static void GiveWay();

  // The calling thread goes before those that were given a lower priority as soon as it wakes. For
  // threads that soon sleep again. No privilege is needed.
  static void BePrompt();

 private:
  const bool lowers_;
  const int nice_;  // absolute
};

}  // namespace trawl::compute

#endif  // TRAWL_COMPUTE_THREAD_PRIORITY_H_
