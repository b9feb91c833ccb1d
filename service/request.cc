#include "service/request.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "compute/utf16.h"
#include "service/error.h"
#include "service/request_walk.h"
#include "service/slice_stream.h"

namespace trawl::service {
namespace {

using google::protobuf::UnknownField;
using google::protobuf::UnknownFieldSet;
using google::protobuf::io::CodedInputStream;

// What Parse walks by.
constexpr uint32_t kDataTag = v1::BatchDocument::kDataFieldNumber << 3 | 2;
constexpr int kText = v1::ProcessContentRequest::kTextFieldNumber;
static_assert(kText == v1::BatchDocument::kTextFieldNumber);
static_assert(kText == v1::ExplainRequest::kTextFieldNumber);

// protobuf checks UTF-8 when it parses a string: the bytes are given the tag of one.
bool IsUtf8(const std::string& bytes) {
  v1::BatchDocument document;
  document.set_data(bytes);
  std::string wire = document.SerializeAsString();
  wire[0] = static_cast<char>(kText << 3 | 2);
  return document.ParseFromString(wire);
}

// Why a message with a `text` field did not parse: `wire` holds the same bytes as unknown fields.
absl::Status ExplainUnparsed(const UnknownFieldSet& wire, const std::string& path,
                             const std::string& type) {
  for (int i = 0; i < wire.field_count(); ++i) {
    const UnknownField& field = wire.field(i);
    if (field.number() == kText && field.type() == UnknownField::TYPE_LENGTH_DELIMITED &&
        !IsUtf8(field.length_delimited())) {
      return InvalidField("TEXT_NOT_UTF8", absl::StrCat(path, "text"),
                          "not valid UTF-8; send bytes of any other kind as data");
    }
  }
  return Malformed(type);
}

absl::Status UnknownValue(const std::string& field, int value) {
  return InvalidField("UNKNOWN_VALUE", field, absl::StrCat(value, " is no value of it"),
                      {{"value", absl::StrCat(value)}});
}

}  // namespace

bool ParseBytes(grpc::ByteBuffer& bytes, google::protobuf::Message& message) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return false;
  const auto size = static_cast<int>(bytes.Length());
  bytes.Clear();
  SliceStream stream(slices);
  return message.ParseFromBoundedZeroCopyStream(&stream, size);
}

absl::Status Check(const v1::ProcessOptions& options, const RequestLimits& limits,
                   ContentOptions& checked) {
  if (options.kinds_size() > static_cast<int>(limits.max_kinds)) {
    return OverLimit("TOO_MANY_KINDS", "options.kinds", options.kinds_size(), limits.max_kinds,
                     "entries");
  }
  if (options.kinds_size() > 0) checked.process.wanted.kinds.clear();
  for (int i = 0; i < options.kinds_size(); ++i) {
    int kind = options.kinds(i);
    if (!v1::Kind_IsValid(kind) || kind == v1::KIND_UNSPECIFIED) {
      return UnknownValue(absl::StrCat("options.kinds[", i, "]"), kind);
    }
    checked.process.wanted.kinds.push_back(static_cast<compute::Kind>(kind));
  }
  std::sort(checked.process.wanted.kinds.begin(), checked.process.wanted.kinds.end());
  checked.process.wanted.kinds.erase(
      std::unique(checked.process.wanted.kinds.begin(), checked.process.wanted.kinds.end()),
      checked.process.wanted.kinds.end());

  int confidence = options.min_confidence();
  if (!v1::Confidence_IsValid(confidence)) {
    return UnknownValue("options.min_confidence", confidence);
  }
  if (confidence != v1::CONFIDENCE_UNSPECIFIED) {
    checked.process.scan.min_confidence = static_cast<compute::Confidence>(confidence);
  }

  int form = options.result_form();
  if (!v1::ResultForm_IsValid(form)) return UnknownValue("options.result_form", form);
  if (form != v1::RESULT_FORM_UNSPECIFIED) checked.result_form = options.result_form();

  int defang = options.defang();
  if (!v1::DefangMode_IsValid(defang)) return UnknownValue("options.defang", defang);
  if (defang == v1::DEFANG_MODE_OFF) checked.process.scan.defang = compute::Defang::kOff;
  if (defang == v1::DEFANG_MODE_AGGRESSIVE) {
    checked.process.scan.defang = compute::Defang::kAggressive;
  }

  checked.process.scan.special_use = options.special_use();

  int unknown_tld = options.unknown_tld();
  if (!v1::UnknownTld_IsValid(unknown_tld)) return UnknownValue("options.unknown_tld", unknown_tld);
  checked.process.scan.unknown_tld_in_urls = unknown_tld == v1::UNKNOWN_TLD_IN_URLS;

  int unit = options.offset_unit();
  if (!v1::OffsetUnit_IsValid(unit)) return UnknownValue("options.offset_unit", unit);
  if (unit != v1::OFFSET_UNIT_UNSPECIFIED) checked.offset_unit = options.offset_unit();

  int encoding = options.encoding();
  if (!v1::Encoding_IsValid(encoding)) return UnknownValue("options.encoding", encoding);
  if (encoding != v1::ENCODING_UNSPECIFIED) checked.encoding = options.encoding();

  checked.unicode_values = options.unicode_values();

  int nesting = options.nesting();
  if (!v1::Nesting_IsValid(nesting)) return UnknownValue("options.nesting", nesting);
  if (nesting == v1::NESTING_OUTERMOST) {
    checked.process.wanted.nesting = compute::Nesting::kOutermost;
  }
  if (nesting == v1::NESTING_DOMAINS_ONLY) {
    checked.process.wanted.nesting = compute::Nesting::kDomainsOnly;
  }

  if (options.chunk_count() > limits.max_chunk_count) {
    return OverLimit("CHUNK_COUNT_TOO_LARGE", "options.chunk_count", options.chunk_count(),
                     limits.max_chunk_count, "chunks");
  }
  checked.process.chunk_count = options.chunk_count();

  if (options.max_findings() > limits.max_findings) {
    return OverLimit("MAX_FINDINGS_TOO_LARGE", "options.max_findings", options.max_findings(),
                     limits.max_findings, "findings");
  }
  checked.max_findings = options.max_findings() == 0 ? limits.max_findings : options.max_findings();
  return absl::OkStatus();
}

namespace {

template <typename Message>
std::string_view Content(const Message& message) {
  return message.has_text() ? message.text() : message.data();
}

void ReadData(std::string_view data, v1::Encoding encoding, Document& document) {
  document.text = data;
  document.content = data;
  document.bytes_sent = data.size();
  bool big_endian = encoding == v1::ENCODING_UTF16BE;
  if (encoding == v1::ENCODING_AUTO) {
    const compute::Encoding found = compute::EncodingByMark(data);
    if (found == compute::Encoding::kUtf8) return;
    big_endian = found == compute::Encoding::kUtf16Be;
  } else if (encoding == v1::ENCODING_UTF8) {
    return;
  }
  document.decoded = compute::FromUtf16(data, big_endian);
  document.text = document.decoded;
  document.content = document.text;
  document.utf16 = true;
}

// `path` leads to the message in the request.
template <typename Message>
absl::Status Read(const Message& message, v1::Encoding encoding, const std::string& path,
                  Document& document) {
  if (!message.has_text()) {
    ReadData(message.data(), encoding, document);
    return absl::OkStatus();
  }
  if (encoding == v1::ENCODING_UTF16LE || encoding == v1::ENCODING_UTF16BE) {
    return InvalidField("ENCODING_OF_TEXT", "options.encoding",
                        absl::StrCat(v1::Encoding_Name(encoding), " is for data, but ", path,
                                     "text is set, which is UTF-8"));
  }
  ReadData(message.text(), v1::ENCODING_UTF8, document);
  return absl::OkStatus();
}

// A request of one document: the message, its options, its content.
template <typename Message>
absl::Status ParseDocument(grpc::ByteBuffer& bytes, const RequestLimits& limits, Message& message,
                           ContentOptions& options, Document& document) {
  grpc::ByteBuffer again(bytes);
  if (!ParseBytes(bytes, message)) {
    google::protobuf::Empty wire;
    ParseBytes(again, wire);
    return ExplainUnparsed(wire.GetReflection()->GetUnknownFields(wire), "",
                           Message::descriptor()->full_name());
  }
  std::string_view content = Content(message);
  if (content.size() > limits.max_content_bytes) {
    return OverLimit("CONTENT_TOO_LARGE", message.has_text() ? "text" : "data", content.size(),
                     limits.max_content_bytes, "bytes");
  }
  if (absl::Status status = Check(message.options(), limits, options); !status.ok()) return status;
  return Read(message, options.encoding, "", document);
}

bool NeedsOnePiece(const v1::ProcessOptions& options) {
  return options.encoding() > v1::ENCODING_UTF8 || options.offset_unit() > v1::OFFSET_UNIT_BYTES;
}

std::string NameOf(v1::OffsetUnit unit) {
  if (unit == v1::OFFSET_UNIT_CODE_POINTS) return "code points";
  return unit == v1::OFFSET_UNIT_UTF16_UNITS ? "UTF-16 units" : "bytes";
}

}  // namespace

compute::OffsetUnit UnitOf(const Document& document, const ContentOptions& options) {
  if (options.offset_unit == v1::OFFSET_UNIT_CODE_POINTS) return compute::OffsetUnit::kCodePoints;
  if (options.offset_unit == v1::OFFSET_UNIT_UTF16_UNITS) return compute::OffsetUnit::kUtf16Units;
  return document.utf16 ? compute::OffsetUnit::kUtf16Bytes : compute::OffsetUnit::kBytes;
}

// Most requests leave their content where it arrived. One whose options need it in one piece is
// parsed whole, as is one that is not walked.
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, ContentRequest& request) {
  if (!bytes.Dump(&request.slices).ok()) return Malformed("trawl.v1.ProcessContentRequest");
  auto walked = WalkRequest(request.slices, v1::ProcessContentRequest::kDataFieldNumber, kText);
  if (walked.has_value() && request.message.ParseFromString(walked->others) &&
      !NeedsOnePiece(request.message.options())) {
    bytes.Clear();
    Document& document = request.document;
    document.content = compute::Document(std::move(walked->data));
    document.bytes_sent = document.content.size();
    if (document.bytes_sent > limits.max_content_bytes) {
      return OverLimit("CONTENT_TOO_LARGE", "data", document.bytes_sent, limits.max_content_bytes,
                       "bytes");
    }
    return Check(request.message.options(), limits, request.options);
  }
  request.slices.clear();
  return ParseDocument(bytes, limits, request.message, request.options, request.document);
}

absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits,
                   ExplanationRequest& request) {
  absl::Status status =
      ParseDocument(bytes, limits, request.message, request.options, request.document);
  if (!status.ok()) return status;
  const compute::OffsetUnit unit = UnitOf(request.document, request.options);
  const std::string_view text = request.document.text;
  const uint64_t offset = request.message.offset();
  const std::optional<uint64_t> byte = compute::ByteOf(text, unit, offset);
  const bool in_bytes = request.options.offset_unit == v1::OFFSET_UNIT_BYTES;
  if (byte.has_value() && (!in_bytes || offset < request.document.bytes_sent)) {
    request.offset = *byte;
    return absl::OkStatus();
  }
  const uint64_t size =
      in_bytes ? request.document.bytes_sent : compute::OffsetMap(text, unit)(text.size());
  constexpr char kReason[] = "OFFSET_OUT_OF_RANGE";
  const std::string name = NameOf(request.options.offset_unit);
  if (size > 0) return OverLimit(kReason, "offset", offset, size - 1, name);
  return InvalidField(kReason, "offset", absl::StrCat(offset, " ", name, ", the content is empty"),
                      {{"value", absl::StrCat(offset)}});
}

namespace {

// The content of a BatchDocument that is one field `data` and nothing else, as most are.
std::optional<std::string_view> DataAlone(const std::string& wire) {
  CodedInputStream stream(reinterpret_cast<const uint8_t*>(wire.data()),
                          static_cast<int>(wire.size()));
  uint32_t size = 0;
  if (stream.ReadTagNoLastTag() != kDataTag || !stream.ReadVarint32(&size) ||
      size != wire.size() - static_cast<size_t>(stream.CurrentPosition())) {
    return std::nullopt;
  }
  return std::string_view(wire).substr(wire.size() - size);
}

}  // namespace

// The outer message is walked as unknown fields and each document read by itself, so that a
// document that is wrong does not take the others with it.
absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, BatchRequest& request) {
  constexpr char kType[] = "trawl.v1.ProcessContentBatchRequest";
  const google::protobuf::Empty& wire = request.wire;
  if (!ParseBytes(bytes, request.wire)) return Malformed(kType);
  const UnknownFieldSet& fields = wire.GetReflection()->GetUnknownFields(wire);

  uint64_t count = 0;
  v1::ProcessOptions options;
  for (int i = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    bool is_document = field.number() == v1::ProcessContentBatchRequest::kDocumentsFieldNumber;
    bool is_options = field.number() == v1::ProcessContentBatchRequest::kOptionsFieldNumber;
    if (!is_document && !is_options) continue;
    if (field.type() != UnknownField::TYPE_LENGTH_DELIMITED) return Malformed(kType);
    if (is_document) ++count;
    if (is_options && !options.MergeFromString(field.length_delimited())) return Malformed(kType);
  }
  if (count > limits.max_batch_documents) {
    return OverLimit("TOO_MANY_DOCUMENTS", "documents", count, limits.max_batch_documents,
                     "documents");
  }
  if (absl::Status status = Check(options, limits, request.options); !status.ok()) return status;

  request.documents.resize(count);
  request.errors.resize(count);
  uint64_t total = 0;
  for (int i = 0, d = 0; i < fields.field_count(); ++i) {
    const UnknownField& field = fields.field(i);
    if (field.number() != v1::ProcessContentBatchRequest::kDocumentsFieldNumber) continue;
    const std::string& bytes_of_document = field.length_delimited();
    if (const auto data = DataAlone(bytes_of_document); data.has_value()) {
      total += data->size();
      ReadData(*data, request.options.encoding, request.documents[d++]);
      continue;
    }
    v1::BatchDocument& message = request.messages.emplace_back();
    const std::string path = absl::StrCat("documents[", d, "].");
    if (message.ParseFromString(bytes_of_document)) {
      total += Content(message).size();
      request.errors[d] = Read(message, request.options.encoding, path, request.documents[d]);
    } else {
      message.Clear();
      google::protobuf::Empty inner;
      inner.ParseFromString(bytes_of_document);
      request.errors[d] = ExplainUnparsed(inner.GetReflection()->GetUnknownFields(inner), path,
                                          "trawl.v1.BatchDocument");
    }
    if (!request.errors[d].ok()) request.documents[d] = Document();
    ++d;
  }
  if (total > limits.max_content_bytes) {
    return OverLimit("CONTENT_TOO_LARGE", "documents", total, limits.max_content_bytes, "bytes");
  }
  return absl::OkStatus();
}

absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits& limits, v1::PingRequest& request) {
  if (!ParseBytes(bytes, request)) return Malformed("trawl.v1.PingRequest");
  if (request.payload().size() > limits.max_ping_payload_bytes) {
    return OverLimit("PAYLOAD_TOO_LARGE", "payload", request.payload().size(),
                     limits.max_ping_payload_bytes, "bytes");
  }
  return absl::OkStatus();
}

absl::Status Parse(grpc::ByteBuffer& bytes, const RequestLimits&,
                   v1::GetCapabilitiesRequest& request) {
  if (!ParseBytes(bytes, request)) return Malformed("trawl.v1.GetCapabilitiesRequest");
  return absl::OkStatus();
}

}  // namespace trawl::service
