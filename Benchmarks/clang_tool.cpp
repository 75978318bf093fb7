// A small clang tool for the benchmark: parses C++ files with the clang libraries and prints what
// they define. With --emit it also generates code for each, so that a back end is linked in.
#include "clang/AST/ASTConsumer.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/CodeGen/CodeGenAction.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Tooling/CommonOptionsParser.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"
#include "llvm/Support/TargetSelect.h"

// LLVM was configured with Polly, whose library is in another package; a plugin that does nothing
// takes its place.
llvm::PassPluginLibraryInfo getPollyPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "none", "1", [](llvm::PassBuilder &) {}};
}

namespace {
llvm::cl::OptionCategory category("clang-tool options");
llvm::cl::opt<bool> emit("emit", llvm::cl::desc("generate an object file for each source"),
                         llvm::cl::cat(category));

struct Visitor : clang::RecursiveASTVisitor<Visitor> {
  const clang::SourceManager &sources;
  unsigned functions = 0, records = 0, statements = 0;
  explicit Visitor(const clang::SourceManager &sources) : sources(sources) {}
  bool VisitFunctionDecl(clang::FunctionDecl *function) {
    if (sources.isInMainFile(function->getLocation()) && function->isThisDeclarationADefinition()) {
      functions++;
      llvm::outs() << "function " << function->getQualifiedNameAsString() << "\n";
    }
    return true;
  }
  bool VisitCXXRecordDecl(clang::CXXRecordDecl *record) {
    if (sources.isInMainFile(record->getLocation()) && record->isThisDeclarationADefinition())
      records++;
    return true;
  }
  bool VisitStmt(clang::Stmt *statement) {
    if (sources.isInMainFile(statement->getBeginLoc())) statements++;
    return true;
  }
};

struct Consumer : clang::ASTConsumer {
  void HandleTranslationUnit(clang::ASTContext &context) override {
    Visitor visitor(context.getSourceManager());
    visitor.TraverseDecl(context.getTranslationUnitDecl());
    llvm::outs() << "functions " << visitor.functions << ", records " << visitor.records
                 << ", statements " << visitor.statements << "\n";
  }
};

struct Action : clang::ASTFrontendAction {
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &,
                                                        llvm::StringRef) override {
    return std::make_unique<Consumer>();
  }
};
}  // namespace

int main(int count, const char **arguments) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::InitializeNativeTargetAsmParser();
  auto options = clang::tooling::CommonOptionsParser::create(count, arguments, category);
  if (!options) {
    llvm::errs() << llvm::toString(options.takeError());
    return 1;
  }
  clang::tooling::ClangTool tool(options->getCompilations(), options->getSourcePathList());
  if (int status = tool.run(clang::tooling::newFrontendActionFactory<Action>().get())) return status;
  return emit ? tool.run(clang::tooling::newFrontendActionFactory<clang::EmitObjAction>().get()) : 0;
}
