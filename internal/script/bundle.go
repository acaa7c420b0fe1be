package script

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/evanw/esbuild/pkg/api"

	"parley/internal/dialog"
)

// maxBundle bounds the modules of one bot with all they import, in bytes.
const maxBundle = 8 << 20

// bundle are the files of `require ... type = scriptEs6` with all they import, as
// one text (script-api 2.13). It is an expression: an array with one function for
// each file, which evaluates the file once and gives its exports.
type bundle struct {
	text      string
	sourceMap []byte
}

// bundler makes the bundle of a project.
type bundler struct {
	root  string // the project's directory, without symbolic links
	files []dialog.Startup
	found []dialog.Diagnostic
}

// entryName is how the bundle itself imports file number i.
func entryName(i int) string { return fmt.Sprintf("entry:%d", i) }

// bundleModules bundles the modules of a project in a directory. What is wrong
// is among the diagnostics; the bundle is nil after an error and when the project
// has no modules.
func bundleModules(dir string, files []dialog.Startup) (*bundle, []dialog.Diagnostic) {
	if len(files) == 0 {
		return nil, nil
	}
	root, err := filepath.Abs(dir)
	if err == nil {
		root, err = filepath.EvalSymlinks(root)
	}
	if err != nil {
		at := files[0].Pos
		return nil, []dialog.Diagnostic{{File: at.File, Line: at.Line, Column: at.Column, Code: "unreadable-file", Severity: dialog.Error, Message: err.Error()}}
	}
	b := &bundler{root: root, files: files}
	out := b.build()
	return out, b.found
}

func (b *bundler) build() *bundle {
	result := api.Build(api.BuildOptions{
		Stdin:  &api.StdinOptions{Contents: b.index(), Sourcefile: bundleFile, Loader: api.LoaderJS},
		Bundle: true, Write: false, Outfile: filepath.Join(b.root, "bundle.js"), AbsWorkingDir: b.root,
		Format: api.FormatCommonJS, Platform: api.PlatformBrowser, Target: api.ESNext, TsconfigRaw: "{}",
		// what the engine cannot run is rewritten
		Supported: map[string]bool{"async-generator": false, "for-await": false, "dynamic-import": false, "import-meta": false},
		Sourcemap: api.SourceMapExternal, SourcesContent: api.SourcesContentExclude,
		LegalComments: api.LegalCommentsNone, LogLevel: api.LogLevelSilent,
		Define:  map[string]string{"process.env.NODE_ENV": `"production"`},
		Plugins: []api.Plugin{{Name: "project", Setup: b.setup}},
	})
	for _, m := range result.Errors {
		b.add(m, "javascript", dialog.Error)
	}
	for _, m := range result.Warnings {
		if m.Detail != nil { // the bundler's own advice is about style
			b.add(m, "", dialog.Warning)
		}
	}
	if dialog.HasErrors(b.found) {
		return nil
	}
	out := &bundle{}
	for _, file := range result.OutputFiles {
		if strings.HasSuffix(file.Path, ".map") {
			out.sourceMap = file.Contents
		} else {
			out.text = string(file.Contents)
		}
	}
	if len(out.text) > maxBundle {
		at := b.files[0].Pos
		b.found = append(b.found, dialog.Diagnostic{
			File: at.File, Line: at.Line, Column: at.Column, Code: "bundle-too-large", Severity: dialog.Error,
			Message: fmt.Sprintf("the modules and their packages take %d bytes, the limit is %d", len(out.text), maxBundle),
		})
		return nil
	}
	return out
}

// index is the module that the bundle starts with.
func (b *bundler) index() string {
	var out strings.Builder
	out.WriteString("module.exports = [")
	for i := range b.files {
		fmt.Fprintf(&out, "() => require(%q),", entryName(i))
	}
	out.WriteString("]")
	return out.String()
}

// found by our own rules: the code and hint of a diagnostic.
type importProblem struct{ code, hint string }

// add turns a message of the bundler into a diagnostic.
func (b *bundler) add(m api.Message, code string, severity dialog.Severity) {
	d := dialog.Diagnostic{File: b.files[0].File, Line: 1, Column: 1, Code: code, Severity: severity, Message: m.Text}
	if own, ok := m.Detail.(importProblem); ok {
		d.Code, d.Hint = own.code, own.hint
	} else {
		d.Message = "JavaScript: " + m.Text
	}
	if l := m.Location; l != nil {
		name := strings.TrimPrefix(l.File, "module:")
		d.File, d.Line = filepath.ToSlash(name), l.Line
		d.Column = utf8.RuneCountInString(l.LineText[:min(l.Column, len(l.LineText))]) + 1
	}
	b.found = append(b.found, d)
}

// inner marks a question to the bundler's own resolver.
type inner struct{}

// setup keeps the bundler inside the project.
func (b *bundler) setup(build api.PluginBuild) {
	build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
		if _, ours := args.PluginData.(inner); ours {
			return api.OnResolveResult{}, nil
		}
		for i, f := range b.files {
			if args.Path == entryName(i) {
				return b.entry(f), nil
			}
		}
		return b.resolve(build, args), nil
	})
	build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "module"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
		for _, f := range b.files {
			if f.File == args.Path {
				return api.OnLoadResult{Contents: &f.Code.Text}, nil
			}
		}
		return api.OnLoadResult{}, nil
	})
}

// entry is a required file: on the disk, or of a library.
func (b *bundler) entry(f dialog.Startup) api.OnResolveResult {
	if name, err := filepath.EvalSymlinks(filepath.Join(b.root, filepath.FromSlash(f.File))); err == nil && b.inside(name) {
		return api.OnResolveResult{Path: name}
	}
	return api.OnResolveResult{Path: f.File, Namespace: "module"}
}

func (b *bundler) inside(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular() && info.Size() <= maxBundle && strings.HasPrefix(name, b.root+string(filepath.Separator))
}

// resolve finds what a file imports: a file or package of the project. A package
// that is not there is no error, so that states which do not use it work.
func (b *bundler) resolve(build api.PluginBuild, args api.OnResolveArgs) api.OnResolveResult {
	if args.ResolveDir != "" {
		r := build.Resolve(args.Path, api.ResolveOptions{
			Importer: args.Importer, Namespace: args.Namespace, ResolveDir: args.ResolveDir, Kind: args.Kind, PluginData: inner{},
		})
		name, err := filepath.EvalSymlinks(r.Path)
		if len(r.Errors) == 0 && r.Namespace == "file" && err == nil && b.inside(name) {
			return api.OnResolveResult{Path: name, SideEffects: sideEffects(r.SideEffects)}
		}
		if len(r.Errors) == 0 && r.Namespace == "(disabled)" {
			return api.OnResolveResult{Path: r.Path, Namespace: r.Namespace}
		}
	}
	if strings.HasPrefix(args.Path, ".") || filepath.IsAbs(args.Path) {
		return api.OnResolveResult{Errors: []api.Message{{
			Text: fmt.Sprintf("the file %s does not exist in the project", args.Path), Detail: importProblem{code: "missing-file"},
		}}}
	}
	if slices.Contains(ownPackages(), args.Path) {
		return api.OnResolveResult{Path: args.Path, External: true}
	}
	return api.OnResolveResult{Path: args.Path, External: true, Warnings: []api.Message{missingPackage(args.Path)}}
}

func sideEffects(has bool) api.SideEffects {
	if has {
		return api.SideEffectsTrue
	}
	return api.SideEffectsFalse
}

// ownPackages are those that every bot has without installing them.
func ownPackages() []string { return []string{"moment", "underscore"} }

func missingPackage(name string) api.Message {
	text := fmt.Sprintf("the package %q is not in the project; code that calls it will fail", name)
	hint := "install it into src/node_modules and deploy it with the bot"
	if isBuiltIn(name) {
		text = fmt.Sprintf("the module %q of Node.js does not exist here; code that calls it will fail", name)
		hint = ""
	}
	return api.Message{Text: text, Detail: importProblem{code: "missing-package", hint: hint}}
}

func isBuiltIn(name string) bool {
	root, _, _ := strings.Cut(strings.TrimPrefix(name, "node:"), "/")
	return strings.HasPrefix(name, "node:") || slices.Contains([]string{
		"assert", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram", "dns", "domain",
		"events", "fs", "http", "http2", "https", "inspector", "module", "net", "os", "path", "perf_hooks", "process", "punycode",
		"querystring", "readline", "repl", "stream", "string_decoder", "sys", "timers", "tls", "tty", "url", "util", "v8", "vm",
		"wasi", "worker_threads", "zlib",
	}, root)
}
