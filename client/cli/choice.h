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

template <typename Value>
std::string NamesOf(const Choices<Value>& choices) {
  std::string names;
  for (const auto& choice : choices) {
    absl::StrAppend(&names, names.empty() ? "" : "|", choice.first);
  }
  return names;
}

// What `word` stands for.
template <typename Value>
Value Choose(const std::string& flag, const std::string& word, const Choices<Value>& choices) {
  for (const auto& choice : choices) {
    if (choice.first == word) return choice.second;
  }
  throw CLI::ValidationError(flag, absl::StrCat(word, " is none of ", NamesOf(choices)));
}

// `value` is set to what the word given stands for; any other word is an error that lists them.
// `value` and `choices` outlive `app`.
template <typename Value>
CLI::Option* AddChoice(CLI::App& app, const std::string& flag, Value& value,
                       const Choices<Value>& choices, const std::string& text) {
  const auto set = [flag, &value, &choices](const std::string& input) {
    value = Choose(flag, input, choices);
  };
  return app.add_option_function<std::string>(flag, set, text)->type_name(NamesOf(choices));
}

// `values` gets what the words given stand for: several may be given, also with commas between, and
// `all` stands for each.
template <typename Value>
CLI::Option* AddChoices(CLI::App& app, const std::string& flag, std::vector<Value>& values,
                        const Choices<Value>& choices, const std::string& text) {
  const auto set = [flag, &values, &choices](const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
      if (input != "all") {
        values.push_back(Choose(flag, input, choices));
        continue;
      }
      for (const auto& choice : choices) values.push_back(choice.second);
    }
  };
  return app.add_option_function<std::vector<std::string>>(flag, set, text)
      ->delimiter(',')
      ->expected(1)
      ->take_all()
      ->type_name(NamesOf(choices));
}

}  // namespace trawl::cli

#endif  // TRAWL_CLIENT_CLI_CHOICE_H_
