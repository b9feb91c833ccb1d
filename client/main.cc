#include "client/cli/command_line.h"

int main(int argc, char** argv) { return trawl::cli::RunCommandLine(argc, argv); }
