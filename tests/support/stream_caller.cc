#include "tests/support/stream_caller.h"

#include <thread>
#include <utility>

namespace trawl::testing {

StreamCaller::StreamCaller(v1::ContentService::Stub& stub, Deadline deadline) {
  context.set_deadline(deadline);
  stream_ = stub.ProcessContentStream(&context);
}

bool StreamCaller::Send(std::string_view part) {
  v1::ProcessContentStreamRequest request;
  if (std::exchange(first_, false)) *request.mutable_options() = options_;
  request.set_data(part.data(), part.size());
  return stream_->Write(request);
}

StreamMessages StreamCaller::ReadAll() {
  StreamMessages messages;
  v1::ProcessContentStreamResponse message;
  while (Read(message)) messages.push_back(std::move(message));
  return messages;
}

v1::ProcessContentResponse Merged(const StreamMessages& messages) {
  std::string bytes;
  for (const auto& message : messages) bytes += message.SerializeAsString();
  v1::ProcessContentResponse merged;
  merged.ParseFromString(bytes);
  merged.DiscardUnknownFields();  // searched_bytes
  return merged;
}

grpc::Status Stream(v1::ContentService::Stub& stub, const v1::ProcessOptions& options,
                    const std::vector<std::string>& parts, StreamMessages& messages) {
  StreamCaller caller(stub);
  caller.SetOptions(options);
  std::jthread sender([&] {
    for (const std::string& part : parts) {
      if (!caller.Send(part)) return;
    }
    caller.Close();
  });
  messages = caller.ReadAll();
  sender.join();
  return caller.Finish();
}

}  // namespace trawl::testing
