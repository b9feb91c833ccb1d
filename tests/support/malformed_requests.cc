#include "tests/support/malformed_requests.h"

#include <google/protobuf/empty.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <array>
#include <utility>
#include <vector>

#include "trawl/v1/content.pb.h"

namespace trawl::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;
using Reasons = std::set<std::string>;

constexpr std::array kMethods = {
    "ProcessContent", "ProcessContentBatch", "ProcessContentStream", "Explain",
    "Ping",           "GetCapabilities"};
// Wire types.
constexpr uint32_t kVarint = 0;
constexpr uint32_t kLength = 2;
constexpr uint32_t kStartGroup = 3;
constexpr uint32_t kEndGroup = 4;
constexpr uint32_t kFixed32 = 5;

constexpr uint32_t kMaxChunkCount = 4096;
constexpr uint32_t kMaxFindings = 1'000'000;
constexpr size_t kMaxPayload = 1024;

std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

std::string Tag(uint64_t field, uint32_t wire_type) { return Varint(field << 3 | wire_type); }

std::string LengthDelimited(uint64_t field, const std::string& bytes) {
  return Tag(field, kLength) + Varint(bytes.size()) + bytes;
}

bool IsUtf8(const std::string& bytes) {
  return v1::BatchDocument().ParseFromString(
      LengthDelimited(v1::BatchDocument::kTextFieldNumber, bytes));
}

// Of options that parse.
void AddMistakes(const v1::ProcessOptions& options, Reasons& reasons) {
  const auto& reflection = *options.GetReflection();
  for (int i = 0; i < options.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = options.GetDescriptor()->field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) continue;
    const auto known = [&](int value) {
      return field->enum_type()->FindValueByNumber(value) != nullptr;
    };
    if (!field->is_repeated()) {
      if (!known(reflection.GetEnumValue(options, field))) reasons.insert("UNKNOWN_VALUE");
      continue;
    }
    for (int k = 0; k < reflection.FieldSize(options, field); ++k) {
      const int value = reflection.GetRepeatedEnumValue(options, field, k);
      if (value == 0 || !known(value)) reasons.insert("UNKNOWN_VALUE");
    }
  }
  if (options.kinds_size() > 16) reasons.insert("TOO_MANY_KINDS");
  if (options.chunk_count() > kMaxChunkCount) reasons.insert("CHUNK_COUNT_TOO_LARGE");
  if (options.max_findings() > kMaxFindings) reasons.insert("MAX_FINDINGS_TOO_LARGE");
}

bool IsUtf16(const v1::ProcessOptions& options) {
  return options.encoding() == v1::ENCODING_UTF16LE || options.encoding() == v1::ENCODING_UTF16BE;
}

// Of a message with a `text` field; also whether `request` holds it then.
template <typename Request>
Reasons Unparsed(const std::string& bytes, Request& request) {
  if (request.ParseFromString(bytes)) return {};
  google::protobuf::Empty wire;
  Reasons reasons;
  if (!wire.ParseFromString(bytes)) reasons.insert("MALFORMED_REQUEST");
  const UnknownFieldSet& fields = wire.GetReflection()->GetUnknownFields(wire);
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() == Request::kTextFieldNumber &&
        field.type() == UnknownField::TYPE_LENGTH_DELIMITED && !IsUtf8(field.length_delimited())) {
      reasons.insert("TEXT_NOT_UTF8");
    }
  }
  if (reasons.empty()) reasons.insert("MALFORMED_REQUEST");
  return reasons;
}

Reasons OfProcessContent(const std::string& bytes) {
  v1::ProcessContentRequest request;
  Reasons reasons = Unparsed(bytes, request);
  if (!reasons.empty()) return reasons;
  AddMistakes(request.options(), reasons);
  if (request.has_text() && IsUtf16(request.options())) reasons.insert("ENCODING_OF_TEXT");
  return reasons;
}

Reasons OfExplain(const std::string& bytes) {
  v1::ExplainRequest request;
  Reasons reasons = Unparsed(bytes, request);
  if (!reasons.empty()) return reasons;
  AddMistakes(request.options(), reasons);
  if (request.has_text() && IsUtf16(request.options())) reasons.insert("ENCODING_OF_TEXT");
  const std::string& content = request.has_text() ? request.text() : request.data();
  if (request.offset() >= content.size()) {
    reasons.insert("OFFSET_OUT_OF_RANGE");
  } else if (reasons.empty() && (request.options().offset_unit() > v1::OFFSET_UNIT_BYTES ||
                                 request.options().encoding() > v1::ENCODING_UTF8)) {
    // There may be fewer units than bytes.
    reasons = {"", "OFFSET_OUT_OF_RANGE"};
  }
  return reasons;
}

Reasons OfBatch(const std::string& bytes) {
  google::protobuf::Empty wire;
  if (!wire.ParseFromString(bytes)) return {"MALFORMED_REQUEST"};
  const UnknownFieldSet& fields = wire.GetReflection()->GetUnknownFields(wire);
  v1::ProcessOptions options;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() != v1::ProcessContentBatchRequest::kDocumentsFieldNumber &&
        field.number() != v1::ProcessContentBatchRequest::kOptionsFieldNumber) {
      continue;
    }
    if (field.type() != UnknownField::TYPE_LENGTH_DELIMITED) return {"MALFORMED_REQUEST"};
    if (field.number() == v1::ProcessContentBatchRequest::kOptionsFieldNumber &&
        !options.MergeFromString(field.length_delimited())) {
      return {"MALFORMED_REQUEST"};
    }
  }
  Reasons reasons;
  AddMistakes(options, reasons);
  return reasons;
}

// The first message that is wrong ends a stream. Groups are refused in it, though protobuf knows
// them.
Reasons OfStream(const std::vector<std::string>& messages) {
  for (size_t i = 0; i < messages.size(); ++i) {
    v1::ProcessContentStreamRequest request;
    if (!request.ParseFromString(messages[i])) return {"MALFORMED_REQUEST"};
    google::protobuf::Empty wire;
    wire.ParseFromString(messages[i]);
    const UnknownFieldSet& fields = wire.GetReflection()->GetUnknownFields(wire);
    for (int k = 0; k < fields.field_count(); ++k) {
      if (fields.field(k).type() == UnknownField::TYPE_GROUP) return {"MALFORMED_REQUEST"};
    }
    if (i > 0 && request.has_options()) return {"OPTIONS_NOT_FIRST"};
    Reasons reasons;
    AddMistakes(request.options(), reasons);
    if (!reasons.empty()) return reasons;
  }
  return {};
}

Reasons OfPing(const std::string& bytes) {
  v1::PingRequest request;
  if (!request.ParseFromString(bytes)) return {"MALFORMED_REQUEST"};
  if (request.payload().size() > kMaxPayload) return {"PAYLOAD_TOO_LARGE"};
  return {};
}

Reasons ReasonsFor(const std::string& method, const std::vector<std::string>& messages) {
  Reasons reasons;
  const std::string bytes = messages.empty() ? std::string() : messages.front();
  if (method == "ProcessContent") {
    reasons = OfProcessContent(bytes);
  } else if (method == "ProcessContentStream") {
    reasons = OfStream(messages);
  } else if (method == "ProcessContentBatch") {
    reasons = OfBatch(bytes);
  } else if (method == "Explain") {
    reasons = OfExplain(bytes);
  } else if (method == "Ping") {
    reasons = OfPing(bytes);
  } else if (!v1::GetCapabilitiesRequest().ParseFromString(bytes)) {
    reasons = {"MALFORMED_REQUEST"};
  }
  if (reasons.empty()) reasons.insert("");
  return reasons;
}

}  // namespace

std::string MalformedRequests::RandomBytes(size_t most) {
  std::string bytes(Below(most + 1), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random_());
  return bytes;
}

// Every enum and number of the options, in range or anywhere.
void MalformedRequests::FillOptions(Message& options, bool hostile) {
  const auto& reflection = *options.GetReflection();
  for (int i = 0; i < options.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = options.GetDescriptor()->field(i);
    const bool enumeration = field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
    if (Below(3) > 0) continue;
    int value = enumeration ? field->enum_type()
                                  ->value(static_cast<int>(Below(
                                      static_cast<uint64_t>(field->enum_type()->value_count()))))
                                  ->number()
                            : static_cast<int>(Below(100));
    if (hostile && Below(4) == 0) value = static_cast<int>(random_());
    if (enumeration && field->is_repeated()) {
      if (!hostile && value == 0) value = 1;
      for (uint64_t n = hostile ? Below(20) : 1; n > 0; --n) {
        reflection.AddEnumValue(&options, field, value);
      }
    } else if (enumeration) {
      reflection.SetEnumValue(&options, field, value);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
      reflection.SetUInt32(&options, field, static_cast<uint32_t>(value));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
      reflection.SetBool(&options, field, value % 2 == 0);
    }
  }
}

std::unique_ptr<Message> MalformedRequests::Valid(const std::string& method) {
  constexpr char kContent[] = "see https://www.example.com/a?b, mail me@example.org #x";
  const bool hostile = Below(4) == 0;
  if (method == "ProcessContent") {
    auto request = std::make_unique<v1::ProcessContentRequest>();
    Below(2) == 0 ? request->set_text(kContent) : request->set_data(RandomBytes(200));
    FillOptions(*request->mutable_options(), hostile);
    return request;
  }
  if (method == "ProcessContentBatch") {
    auto request = std::make_unique<v1::ProcessContentBatchRequest>();
    for (uint64_t n = Below(4); n > 0; --n) request->add_documents()->set_data(RandomBytes(50));
    request->add_documents()->set_text(kContent);
    FillOptions(*request->mutable_options(), hostile);
    return request;
  }
  if (method == "ProcessContentStream") {
    auto request = std::make_unique<v1::ProcessContentStreamRequest>();
    Below(2) == 0 ? request->set_data(kContent) : request->set_data(RandomBytes(5000));
    return request;
  }
  if (method == "Explain") {
    auto request = std::make_unique<v1::ExplainRequest>();
    request->set_text(kContent);
    request->set_offset(Below(sizeof kContent + 3));
    FillOptions(*request->mutable_options(), hostile);
    return request;
  }
  if (method == "Ping") {
    auto request = std::make_unique<v1::PingRequest>();
    request->set_payload(std::string(Below(kMaxPayload * 5 / 4), 'p'));
    return request;
  }
  return std::make_unique<v1::GetCapabilitiesRequest>();
}

std::string MalformedRequests::UnknownField() {
  const uint64_t number = Below(3) == 0 ? Below(20) : Below(1ULL << 32);
  const auto wire_type = static_cast<uint32_t>(Below(8));
  if (wire_type == kLength) return LengthDelimited(number, RandomBytes(30));
  return Tag(number, wire_type) + RandomBytes(12);
}

std::string MalformedRequests::NestedGroups() {
  const uint64_t depth = 1 + Below(300);
  std::string open;
  std::string close;
  for (uint64_t i = 0; i < depth; ++i) {
    open += Tag(1000 + i, kStartGroup);
    close = Tag(1000 + i, kEndGroup) + close;
  }
  if (Below(4) == 0) close.resize(Below(close.size() + 1));
  return open + close;
}

std::string MalformedRequests::Damaged(const std::string& method) {
  std::string bytes = Valid(method)->SerializeAsString();
  switch (Below(9)) {
    case 0:
      bytes = RandomBytes(200);
      break;
    case 1:
      bytes.resize(Below(bytes.size() + 1));
      break;
    case 2:
      for (uint64_t n = 1 + Below(8); n > 0 && !bytes.empty(); --n) {
        bytes[Below(bytes.size())] = static_cast<char>(random_());
      }
      break;
    case 3:  // a field as what it is not
      bytes += Tag(1 + Below(6), static_cast<uint32_t>(Below(8))) + RandomBytes(20);
      break;
    case 4:  // a length that nothing follows
      bytes += Tag(1 + Below(6), kLength) + Varint(random_() >> Below(60)) + RandomBytes(20);
      break;
    case 5:
      bytes.insert(Below(2) == 0 ? 0 : bytes.size(), UnknownField());
      break;
    case 6:
      bytes += NestedGroups();
      break;
    case 7: {
      std::string text = "text \xff" + RandomBytes(20);
      if (method == "ProcessContentBatch") text = LengthDelimited(2, text);
      bytes += LengthDelimited(method == "ProcessContentBatch" ? 1 : 2, text);
      break;
    }
    default:  // a tag or a number longer than any may be
      bytes += (Below(2) == 0 ? Tag(1, Below(2) == 0 ? kVarint : kFixed32) : std::string()) +
               std::string(Below(20), '\xff') + RandomBytes(3);
  }
  return bytes;
}

// A few parts, some of them damaged; options where they belong and, at times, where they do not.
std::vector<std::string> MalformedRequests::StreamMessages() {
  std::vector<std::string> messages(Below(5));
  for (size_t i = 0; i < messages.size(); ++i) {
    messages[i] = Below(4) == 0 ? Damaged("ProcessContentStream")
                                : Valid("ProcessContentStream")->SerializeAsString();
    if (i > 0 ? Below(10) > 0 : Below(2) == 0) continue;
    v1::ProcessContentStreamRequest with_options;
    FillOptions(*with_options.mutable_options(), Below(4) == 0);
    messages[i] = with_options.SerializeAsString() + messages[i];
  }
  return messages;
}

MalformedRequest MalformedRequests::Next() {
  MalformedRequest request;
  request.method = kMethods[Below(kMethods.size())];
  if (request.method == "ProcessContentStream") {
    request.messages = StreamMessages();
  } else {
    request.messages = {Damaged(request.method)};
  }
  request.reasons = ReasonsFor(request.method, request.messages);
  return request;
}

}  // namespace trawl::testing
