#include "client/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/cli/capabilities.h"
#include "client/cli/choice.h"
#include "client/cli/content_generator.h"
#include "client/cli/credentials.h"
#include "client/cli/diagnostic.h"
#include "client/cli/exit_code.h"
#include "client/cli/explain.h"
#include "client/cli/extract.h"
#include "client/cli/file_walker.h"
#include "client/cli/interrupt.h"
#include "client/cli/load_report.h"
#include "client/cli/ping.h"
#include "client/client.h"

namespace trawl::cli {
namespace {

constexpr uint64_t kMaxGeneratedBytes = uint64_t{1} << 30;
constexpr int kOpenLoopConcurrency = 1024;

const Choices<v1::ResultForm> kForms = {{"findings", v1::RESULT_FORM_FINDINGS},
                                        {"distinct", v1::RESULT_FORM_DISTINCT},
                                        {"spans", v1::RESULT_FORM_SPANS},
                                        {"counts", v1::RESULT_FORM_COUNTS}};
const Choices<v1::Kind> kKinds = {
    {"domain", v1::KIND_DOMAIN}, {"url", v1::KIND_URL},       {"email", v1::KIND_EMAIL},
    {"ipv4", v1::KIND_IPV4},     {"ipv6", v1::KIND_IPV6},     {"md5", v1::KIND_MD5},
    {"sha1", v1::KIND_SHA1},     {"sha256", v1::KIND_SHA256}, {"sha512", v1::KIND_SHA512}};
const Choices<v1::Nesting> kNestings = {{"all", v1::NESTING_ALL},
                                        {"outermost", v1::NESTING_OUTERMOST},
                                        {"domains-only", v1::NESTING_DOMAINS_ONLY}};
const Choices<v1::Confidence> kConfidences = {
    {"low", v1::CONFIDENCE_LOW}, {"medium", v1::CONFIDENCE_MEDIUM}, {"high", v1::CONFIDENCE_HIGH}};
const Choices<v1::DefangMode> kDefangModes = {{"off", v1::DEFANG_MODE_OFF},
                                              {"on", v1::DEFANG_MODE_ON},
                                              {"aggressive", v1::DEFANG_MODE_AGGRESSIVE}};
const Choices<v1::UnknownTld> kUnknownTlds = {{"nowhere", v1::UNKNOWN_TLD_NOWHERE},
                                              {"in-urls", v1::UNKNOWN_TLD_IN_URLS}};
const Choices<v1::Encoding> kEncodings = {{"utf8", v1::ENCODING_UTF8},
                                          {"utf16le", v1::ENCODING_UTF16LE},
                                          {"utf16be", v1::ENCODING_UTF16BE},
                                          {"auto", v1::ENCODING_AUTO}};
const Choices<Color> kColors = {
    {"auto", Color::kAuto}, {"always", Color::kAlways}, {"never", Color::kNever}};
const Choices<LoadOptions::Method> kMethods = {{"process", LoadOptions::Method::kProcess},
                                               {"ping", LoadOptions::Method::kPing}};
const Choices<bool> kFormats = {{"text", false}, {"json", true}};

struct CommandLine {
  CommandLine();

  CLI::App app{"Finds domain names and other indicators in content, by a trawld server."};

  std::string server = "localhost:50151";
  double timeout_seconds = 30;
  const CLI::Option* timeout = nullptr;
  int channels = 1;
  std::optional<int> retries;
  Credentials credentials;

  CLI::App* extract = nullptr;
  ExtractOptions extract_options;
  std::vector<v1::Kind> kinds;
  v1::Nesting nesting = v1::NESTING_ALL;
  v1::ResultForm form = v1::RESULT_FORM_FINDINGS;
  bool counts = false;
  bool with_filename = false;
  bool without_filename = false;
  v1::Confidence min_confidence = v1::CONFIDENCE_MEDIUM;
  uint32_t chunk_count = 0;
  uint32_t max_findings = 0;
  v1::DefangMode defang = v1::DEFANG_MODE_ON;
  bool special_use = false;
  v1::UnknownTld unknown_tld = v1::UNKNOWN_TLD_NOWHERE;
  v1::Encoding encoding = v1::ENCODING_UNSPECIFIED;
  bool unicode_values = false;
  Color color = Color::kAuto;

  CLI::App* explain = nullptr;
  ExplainOptions explain_options;

  CLI::App* ping = nullptr;
  PingOptions ping_options;
  double interval_seconds = 0.2;

  CLI::App* capabilities = nullptr;
  bool capabilities_json = false;

  CLI::App* load = nullptr;
  LoadOptions load_options;
  std::optional<int> concurrency;
  std::optional<double> duration_seconds;
  std::string content_file;
  uint64_t content_bytes = 64 << 10;
  bool load_json = false;

 private:
  void AddExtract();
  void AddExplain();
  void AddLoad();
  void AddProcessOptions(CLI::App& command);
  void AddScanOptions(CLI::App& command);
};

CommandLine::CommandLine() {
  app.set_version_flag("--version", "trawl " TRAWL_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--server", server, "Where trawld listens: host:port or unix:path")
      ->envname("TRAWL_SERVER")
      ->capture_default_str()
      ->check([](const std::string& target) {
        return target.find(':') == std::string::npos ? "no port: say " + target + ":50151" : "";
      });
  timeout = app.add_option("--timeout", timeout_seconds,
                           "Seconds a call may take, with all its retries; a stream only if given")
                ->check(CLI::Range(0.001, 1e6))
                ->capture_default_str();
  app.add_option("--channels", channels, "Connections to the server, used in turn")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--retries", retries, "Further tries of a refused call (default 3; ping, load: 0)")
      ->check(CLI::Range(0, 4));
  credentials.AddTo(app);

  AddExtract();
  AddExplain();

  ping = app.add_subcommand("ping", "Time round trips to the server");
  ping->add_option("-c,--count", ping_options.count, "Calls to make")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  ping->add_option("-i,--interval", interval_seconds, "Seconds between calls")
      ->check(CLI::Range(0.0, 1e6))
      ->capture_default_str();

  capabilities = app.add_subcommand("capabilities", "Show what the server can do");
  AddChoice(*capabilities, "--format", capabilities_json, kFormats, "Format of the output");

  AddLoad();
}

void CommandLine::AddProcessOptions(CLI::App& command) {
  AddChoice(command, "--form", form, kForms, "Shape of the answer (default findings)");
  command.add_option("--chunk-count", chunk_count,
                     "Chunks to cut each content into; 0: the server chooses");
}

void CommandLine::AddScanOptions(CLI::App& command) {
  AddChoice(command, "--min-confidence", min_confidence, kConfidences,
            "Leave out what is less sure (default medium)");
  AddChoice(command, "--defang", defang, kDefangModes,
            "Undo example[.]com and its like (default on)");
  command.add_flag("--special-use", special_use, "Take names such as nas.local for domains");
  AddChoice(command, "--unknown-tld", unknown_tld, kUnknownTlds,
            "Where the last label need not be a TLD (default nowhere)");
  AddChoice(command, "--encoding", encoding, kEncodings,
            "Of the content (default utf8; of pages of the web auto)");
  command.add_flag("--unicode", unicode_values, "Values in Unicode, not in A-labels (xn--)");
}

void CommandLine::AddExtract() {
  ExtractOptions& options = extract_options;
  extract = app.add_subcommand("extract", "Find domain names and other indicators in files");
  extract->footer(
      "Exit code: 0 something found, 1 nothing found, 2 an error.\n"
      "The server and other options of all commands: trawl --help");
  extract->add_option(
      "FILE", options.files,
      "Files to search; - or none: standard input; http:// or https://: a page of the web, "
      "which the server fetches where it is allowed to");
  extract->add_flag("-r,--recursive", options.recursive, "Search directories (none named: .)");
  AddChoices(*extract, "-k,--kind", kinds, kKinds,
             "What to find, one or several with commas between, or all (default domain)");
  AddChoice(*extract, "--nesting", nesting, kNestings,
            "With several kinds: which of those inside others to show (default all)");
  AddProcessOptions(*extract);
  AddScanOptions(*extract);
  extract->add_option("--max-findings", max_findings, "Findings per file; 0: the server's limit");
  AddChoice(*extract, "--format", options.writer.json, kFormats,
            "text: VALUE or FILE:VALUE; json: one object a line (default text)");
  extract->add_flag("-H,--with-filename", with_filename,
                    "Begin lines with FILE: also for a single file");
  extract->add_flag("-I,--no-filename", without_filename, "Never begin lines with FILE:")
      ->excludes("--with-filename");
  extract->add_flag("-n,--line-number", options.writer.with_line_number,
                    "Begin lines with LINE:, counted from 1");
  extract->add_flag("-b,--with-offset", options.writer.with_offset,
                    "Begin lines with OFFSET:, in bytes from 0");
  extract->add_flag("--with-count", options.writer.with_count,
                    "With --form distinct: COUNT: before values");
  extract->add_flag("-c,--count", counts, "Same as --form counts")->excludes("--form");
  extract->add_flag("-q,--quiet", options.quiet, "Write nothing, stop at the first finding");
  AddChoice(*extract, "--color", color, kColors,
            "Show lines with the matches in colour (default auto: on a terminal)");
  CLI::Option* const jobs =
      extract->add_option("-j,--jobs", options.jobs, "Files in flight at once")
          ->check(CLI::Range(1, 1024))
          ->capture_default_str();
  CLI::Option* const unordered =
      extract->add_flag("--unordered", options.unordered, "Write answers as they come");
  extract
      ->add_flag("--stream", options.stream,
                 "Send files in parts as they are read, one after the other, and write what is "
                 "found as it comes; large content is always sent so")
      ->excludes(jobs)
      ->excludes(unordered)
      ->excludes("--chunk-count");
  extract->add_flag("--stats", options.stats, "Figures on stderr at the end");
}

void CommandLine::AddExplain() {
  ExplainOptions& options = explain_options;
  explain = app.add_subcommand("explain", "Tell why a byte is part of a finding, or is not");
  explain->footer(
      "Exit code: 0 part of a finding, 1 not, 2 an error.\n"
      "The server and other options of all commands: trawl --help");
  explain->add_option("FILE", options.file, "File that holds the byte; -: standard input")
      ->required();
  const auto set_offset = [&options](const std::string& input) {
    if (ParseOffset(input, options.offset)) return;
    throw CLI::ValidationError("OFFSET", absl::StrCat(input, " is no number such as 31 or 0x1F"));
  };
  explain->add_option_function<std::string>("OFFSET", set_offset, "The byte, counted from 0")
      ->required();
  AddScanOptions(*explain);
  AddChoice(*explain, "--color", color, kColors,
            "Show the byte in colour (default auto: on a terminal)");
  explain->add_flag("--json", options.json, "One JSON object instead of text");
}

void CommandLine::AddLoad() {
  LoadOptions& options = load_options;
  load = app.add_subcommand("load", "Put the server under load and measure it");
  AddChoice(*load, "--method", options.method, kMethods, "What to call (default process)");
  load->add_option("--concurrency", concurrency,
                   "Calls outstanding, at most (default 1; with --rate 1024)")
      ->check(CLI::Range(1, 100000));
  load->add_option("--rate", options.rate, "Calls per second on a schedule (open loop)")
      ->check(CLI::Range(0.001, 1e7));
  load->add_option("--duration", duration_seconds,
                   "Seconds (default 10, without end given --requests)")
      ->check(CLI::Range(0.001, 1e6));
  load->add_option("--requests", options.requests, "Calls in all")->check(CLI::PositiveNumber);
  CLI::Option* const size =
      load->add_option("--size", content_bytes, "Bytes of generated content, e.g. 64KiB")
          ->transform(CLI::AsSizeValue(false))
          ->check(CLI::Range(uint64_t{0}, kMaxGeneratedBytes))
          ->capture_default_str();
  load->add_option("--file", content_file, "Content to send instead")->excludes(size);
  AddProcessOptions(*load);
  load->add_flag("--json", load_json, "One JSON object instead of a table");
}

client::Client::Options Connection(const CommandLine& line) {
  const bool measures = line.ping->parsed() || line.load->parsed();
  return {.target = line.server,
          .tls = line.credentials.tls(),
          .token = line.credentials.token(),
          .timeout = absl::Seconds(line.timeout_seconds),
          .max_attempts = 1 + line.retries.value_or(measures ? 0 : 3),
          .channels = line.channels};
}

v1::ProcessOptions ScanOptions(const CommandLine& line) {
  v1::ProcessOptions options;
  options.set_min_confidence(line.min_confidence);
  options.set_defang(line.defang);
  options.set_special_use(line.special_use);
  options.set_unknown_tld(line.unknown_tld);
  options.set_encoding(line.encoding);
  options.set_unicode_values(line.unicode_values);
  return options;
}

int RunExtract(CommandLine& line) {
  ExtractOptions& options = line.extract_options;
  options.process = ScanOptions(line);
  options.color = line.color;
  for (v1::Kind kind : line.kinds) options.process.add_kinds(kind);
  options.process.set_nesting(line.nesting);
  options.process.set_result_form(line.counts ? v1::RESULT_FORM_COUNTS : line.form);
  options.process.set_chunk_count(line.chunk_count);
  options.process.set_max_findings(line.max_findings);
  if (options.stream && line.form == v1::RESULT_FORM_DISTINCT && options.writer.with_line_number &&
      !options.writer.json) {
    Complain("--stream has no line numbers of distinct values: leave out --line-number");
    return kExitError;
  }
  if (line.timeout->count() > 0) options.stream_timeout = absl::Seconds(line.timeout_seconds);
  if (options.files.empty()) options.files = {options.recursive ? "." : "-"};
  options.writer.with_filename =
      !line.without_filename &&
      (line.with_filename || options.recursive || options.files.size() > 1);
  const client::Client::Options connection = Connection(line);
  client::Client client(connection);
  return Extract(client, connection, options);
}

int RunExplain(CommandLine& line) {
  line.explain_options.process = ScanOptions(line);
  line.explain_options.color = line.color;
  const client::Client::Options connection = Connection(line);
  client::Client client(connection);
  return ExplainCommand(client, connection, line.explain_options);
}

int RunPing(CommandLine& line) {
  line.ping_options.interval = absl::Seconds(line.interval_seconds);
  const Interrupt interrupt;
  const client::Client::Options connection = Connection(line);
  client::Client client(connection);
  return Ping(client, connection, line.ping_options, interrupt.token());
}

int RunCapabilities(const CommandLine& line) {
  const client::Client::Options connection = Connection(line);
  client::Client client(connection);
  return Capabilities(client, connection, line.capabilities_json);
}

int RunLoadCommand(CommandLine& line) {
  LoadOptions& options = line.load_options;
  options.request.mutable_options()->set_result_form(line.form);
  options.request.mutable_options()->set_chunk_count(line.chunk_count);
  if (line.content_file.empty()) {
    options.request.set_data(GenerateContent(line.content_bytes));
  } else if (absl::Status read = ReadContent(line.content_file, *options.request.mutable_data());
             !read.ok()) {
    Complain(absl::StrCat(line.content_file, ": ", read.message()));
    return kExitError;
  }
  options.concurrency = line.concurrency.value_or(options.rate ? kOpenLoopConcurrency : 1);
  if (line.duration_seconds) {
    options.duration = absl::Seconds(*line.duration_seconds);
  } else if (!options.requests) {
    options.duration = absl::Seconds(10);
  }
  const Interrupt interrupt;
  const client::Client::Options connection = Connection(line);
  client::Client client(connection);
  return LoadCommand(client, connection, options, line.load_json, interrupt.token());
}

// The command whose help tells more about an error.
std::string Named(const CommandLine& line) {
  std::string name = "trawl";
  for (const CLI::App* command : line.app.get_subcommands()) {
    absl::StrAppend(&name, " ", command->get_name());
  }
  return name;
}

}  // namespace

int RunCommandLine(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  // gRPC's own log would add lines to ours.
  setenv("GRPC_VERBOSITY", "NONE", /*replace=*/0);
  CommandLine line;
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return line.app.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    Complain(absl::StrCat(error.what(), " (see ", Named(line), " --help)"));
    return kExitError;
  }
  if (absl::Status loaded = line.credentials.Load(); !loaded.ok()) {
    Complain(std::string(loaded.message()));
    return kExitError;
  }
  if (line.extract->parsed()) return RunExtract(line);
  if (line.explain->parsed()) return RunExplain(line);
  if (line.ping->parsed()) return RunPing(line);
  if (line.capabilities->parsed()) return RunCapabilities(line);
  return RunLoadCommand(line);
}

}  // namespace trawl::cli
