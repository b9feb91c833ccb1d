#include "client/cli/capabilities.h"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "client/cli/diagnostic.h"
#include "client/cli/exit_code.h"
#include "client/cli/message_json.h"
#include "client/cli/output.h"
#include "client/cli/printable.h"
#include "client/cli/quantity.h"

namespace trawl::cli {
namespace {

using nlohmann::ordered_json;
using Rows = std::vector<std::pair<std::string, std::string>>;

std::string Cell(const std::string& name, const ordered_json& value) {
  if (value.is_string()) return Printable(value.get<std::string>());
  if (value.is_array()) {
    std::string cell;
    for (const ordered_json& element : value) {
      absl::StrAppend(&cell, cell.empty() ? "" : ", ", Cell(name, element));
    }
    return cell;
  }
  if (value.is_number_unsigned() && absl::StrContains(name, "_bytes") &&
      value.get<uint64_t>() >= 1024) {
    return absl::StrFormat("%d (%s)", value.get<uint64_t>(), ReadableBytes(value.get<uint64_t>()));
  }
  return DumpLine(value);
}

void AddRows(const std::string& prefix, const ordered_json& object, Rows& rows) {
  for (const auto& [key, value] : object.items()) {
    const std::string name = prefix + key;
    if (value.is_object()) {
      AddRows(name + ".", value, rows);
    } else {
      rows.emplace_back(name, Cell(name, value));
    }
  }
}

std::string Table(const ordered_json& object) {
  Rows rows;
  AddRows("", object, rows);
  size_t width = 0;
  for (const auto& [name, value] : rows) width = std::max(width, name.size());
  std::string table;
  for (const auto& [name, value] : rows) {
    absl::StrAppendFormat(&table, "%-*s  %s\n", static_cast<int>(width), name,
                          value.empty() ? "-" : value);
  }
  return table;
}

}  // namespace

int Capabilities(client::Client& client, const client::Client::Options& connection, bool json) {
  const auto response = client.GetCapabilities();
  if (!response.ok()) {
    Complain(Explain(response.status(), connection.target, connection.timeout).text);
    return kExitError;
  }
  const ordered_json object = MessageToJson(*response);
  Output output(STDOUT_FILENO);
  output.Write(json ? DumpLine(object) + "\n" : Table(object));
  output.Flush();
  if (output.status().ok()) return kExitFound;
  Complain(std::string(output.status().message()));
  return kExitError;
}

}  // namespace trawl::cli
