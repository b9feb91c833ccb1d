// The same load as load_client's, for a web service: POST /addContent {"data": ...}, or GET of a
// path, over connections that are kept.
//
//   http_load_client --server 127.0.0.1:8000 --input weblog --bytes 1024 --outstanding 8
//   http_load_client --server 127.0.0.1:8000 --get /ping --interval_ms 5
//
// One thread and one connection for each call outstanding. It reads what a service that says
// Content-Length sends, and no other HTTP. Prints one JSON object; ends with 1 where a call failed.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tests/bench/inputs.h"
#include "tests/bench/load_figures.h"

namespace trawl::bench {
namespace {

struct Options {
  std::string server;
  std::string get;
  std::string input = "weblog";
  size_t bytes = 1 << 20;
  int outstanding = 1;
  double seconds = 1;
  double warm_up = 0.2;
  double interval_ms = 0;
};

class Connection {
 public:
  explicit Connection(const std::string& server) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const size_t colon = server.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(std::stoi(server.substr(colon + 1))));
    inet_pton(AF_INET, server.substr(0, colon).c_str(), &address.sin_addr);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{60, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect to " + server);
    }
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { close(socket_); }

  // Sends a request and reads the answer: its size with the header.
  size_t Exchange(const std::string& request) {
    for (size_t sent = 0; sent < request.size();) {
      const ssize_t n = send(socket_, request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
      if (n <= 0) throw std::runtime_error("cannot send");
      sent += static_cast<size_t>(n);
    }
    received_.clear();
    size_t body = std::string::npos;
    while (body == std::string::npos) {
      Receive();
      body = received_.find("\r\n\r\n");
    }
    body += 4;
    if (received_.substr(0, 12) != "HTTP/1.1 200") throw std::runtime_error(received_);
    const std::string header = absl::AsciiStrToLower(received_.substr(0, body));
    constexpr std::string_view kLength = "content-length:";
    const size_t length = header.find(kLength);
    if (length == std::string::npos) throw std::runtime_error("no Content-Length");
    const size_t size = body + std::strtoull(&header[length + kLength.size()], nullptr, 10);
    while (received_.size() < size) Receive();
    return size;
  }

 private:
  void Receive() {
    std::array<char, 64 << 10> part;
    const ssize_t n = recv(socket_, part.data(), part.size(), 0);
    if (n <= 0) throw std::runtime_error("the server closed the connection");
    received_.append(part.data(), static_cast<size_t>(n));
  }

  const int socket_;
  std::string received_;
};

std::string MakeRequest(const Options& options) {
  if (!options.get.empty()) {
    return absl::StrCat("GET ", options.get, " HTTP/1.1\r\nHost: ", options.server, "\r\n\r\n");
  }
  const std::string body = nlohmann::json{{"data", MakeInput(options.input, options.bytes)}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  return absl::StrCat("POST /addContent HTTP/1.1\r\nHost: ", options.server,
                      "\r\nContent-Type: application/json\r\nContent-Length: ", body.size(),
                      "\r\n\r\n", body);
}

LoadFigures Run(const Options& options) {
  const std::string request = MakeRequest(options);
  const Window window(options.warm_up, options.seconds);
  std::mutex mutex;
  LoadFigures figures;
  figures.content_bytes = options.get.empty() ? options.bytes : 0;
  figures.seconds = options.seconds;
  const auto exchange = [&] {
    try {
      Connection connection(options.server);
      while (Clock::now() < window.end) {
        const Clock::time_point begin = Clock::now();
        const size_t bytes = connection.Exchange(request);
        {
          const std::lock_guard lock(mutex);
          figures.Succeed(begin, Clock::now(), window);
          figures.reply_bytes = bytes;
        }
        std::this_thread::sleep_until(
            begin + std::chrono::microseconds(std::lround(1000 * options.interval_ms)));
      }
    } catch (const std::exception& error) {
      const std::lock_guard lock(mutex);
      figures.Fail(error.what());
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < options.outstanding; ++i) threads.emplace_back(exchange);
  }
  return figures;
}

int Main(int argc, char** argv) {
  Options options;
  CLI::App app{"Puts a web service under load"};
  app.add_option("--server", options.server, "IPv4 address and port")->required();
  app.add_option("--get", options.get, "Path to get, instead of posting content");
  app.add_option("--input", options.input, "Kind of content, as inputs.h has them");
  app.add_option("--bytes", options.bytes, "Of content");
  app.add_option("--outstanding", options.outstanding)->check(CLI::Range(1, 1024));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(0.01, 600.0));
  app.add_option("--warm_up", options.warm_up, "Seconds")->check(CLI::Range(0.0, 60.0));
  app.add_option("--interval_ms", options.interval_ms, "From call to call; 0: none");
  CLI11_PARSE(app, argc, argv);
  const LoadFigures figures = Run(options);
  std::cout << figures.Json() << "\n";
  return figures.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace trawl::bench

int main(int argc, char** argv) { return trawl::bench::Main(argc, argv); }
