// Flags of the command line whose value is one of a few words.
//
// Thread-safety: as CLI11, for one thread.
#ifndef TRAWL_CLIENT_CLI_CHOICE_H_
#define TRAWL_CLIENT_CLI_CHOICE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace trawl::cli {

// Words and what they stand for.
template <typename Value>
using Choices = std::vector<std::pair<std::string, Value>>;

// `value` is set to what the word given stands for; any other word is an error that lists them.
// `value` and `choices` outlive `app`.
template <typename Value>
CLI::Option* AddChoice(CLI::App& app, const std::string& flag, Value& value,
                       const Choices<Value>& choices, const std::string& text) {
  std::string names;
  for (const auto& choice : choices) {
    absl::StrAppend(&names, names.empty() ? "" : "|", choice.first);
  }
  const auto set = [flag, &value, &choices, names](const std::string& input) {
    for (const auto& choice : choices) {
      if (choice.first != input) continue;
      value = choice.second;
      return;
    }
    throw CLI::ValidationError(flag, absl::StrCat(input, " is none of ", names));
  };
  return app.add_option_function<std::string>(flag, set, text)->type_name(names);
}

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_CHOICE_H_
