package script

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"parley/internal/dialog"
)

// plannedCase is a case before it runs.
type plannedCase struct {
	file, id    string
	line        int
	integration bool
	mocks       []*mock // of the file
	steps       []*element
	wrong       *complaint // it cannot run
}

// testFile is a file below test/.
type testFile struct {
	name     string
	excluded bool
}

// readCases reads the cases of a project, in the order of the files' names. Files
// that tests.include and tests.exclude leave out give skipped cases.
func readCases(dir string, tests *dialog.Tests) ([]plannedCase, error) {
	files, err := testFiles(os.DirFS(dir), tests)
	if err != nil {
		return nil, err
	}
	var planned []plannedCase
	for _, f := range files {
		content, err := os.ReadFile(path.Join(dir, f.name))
		if err != nil {
			return nil, err
		}
		cases := planFile(f.name, content)
		for i := range cases {
			if f.excluded {
				cases[i].wrong = &complaint{line: cases[i].line, skip: SkipExcluded, message: "tests.include and tests.exclude of chatbot.yaml leave the file out"}
			}
		}
		planned = append(planned, cases...)
	}
	return planned, nil
}

// testFiles lists the test files, in order of their names.
func testFiles(files fs.FS, tests *dialog.Tests) ([]testFile, error) {
	var found []testFile
	err := fs.WalkDir(files, "test", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.EqualFold(path.Ext(name), ".xml") {
			return ignoreMissing(err)
		}
		inner := strings.TrimPrefix(name, "test/")
		chosen := (len(tests.Include) == 0 || fits(tests.Include, inner)) && !fits(tests.Exclude, inner)
		found = append(found, testFile{name: name, excluded: !chosen})
		return nil
	})
	slices.SortFunc(found, func(a, b testFile) int { return strings.Compare(a.name, b.name) })
	return found, err
}

// ignoreMissing lets a project go without a folder test.
func ignoreMissing(err error) error {
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

// fits applies Ant globs: one that ends in a slash means everything below.
func fits(globs []string, name string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		glob = strings.TrimPrefix(strings.TrimPrefix(strings.ReplaceAll(glob, `\`, "/"), "./"), "/")
		if strings.HasSuffix(glob, "/") {
			glob += "**"
		}
		return dialog.Glob(glob, name)
	})
}

// planFile makes the cases of a test file. A file that is none gives one that
// says so.
func planFile(name string, content []byte) []plannedCase {
	root, err := parseXML(content)
	if err != nil {
		line := 1
		_, _ = fmt.Sscanf(err.Error(), "line %d:", &line)
		_, message, _ := strings.Cut(err.Error(), ": ")
		return []plannedCase{{file: name, id: "(file)", line: line, wrong: &complaint{line: line, message: message}}}
	}
	if root.name != "test" {
		return []plannedCase{{file: name, id: "(file)", line: root.line, wrong: &complaint{
			line: root.line, skip: SkipFormat, message: "the root element is <" + root.name + ">, not <test>",
		}}}
	}
	planner := filePlanner{name: name, integration: root.says("integration")}
	for _, e := range root.children {
		planner.element(e)
	}
	for i := range planner.cases {
		planner.cases[i].mocks = planner.mocks
	}
	return planner.cases
}

type filePlanner struct {
	name        string
	integration bool
	mocks       []*mock
	cases       []plannedCase
	number      int
}

// element takes a child of <test>.
func (f *filePlanner) element(e *element) {
	switch e.name {
	case "test-case":
		f.number++
		id, ok := e.attr("id")
		if !ok || id == "" {
			id = fmt.Sprintf("#%d", f.number)
		}
		f.cases = append(f.cases, plannedCase{
			file: f.name, id: id, line: e.line, steps: e.children, integration: f.integration || e.says("integration"),
		})
	case "mockData", "mockService":
		m, err := readMock(e)
		if err == nil {
			f.mocks = append(f.mocks, m)
			return
		}
		f.refuse(e, err.message)
	default:
		f.refuse(e, "<test> holds no <"+e.name+">")
	}
}

func (f *filePlanner) refuse(e *element, message string) {
	f.cases = append(f.cases, plannedCase{file: f.name, id: "(file)", line: e.line, wrong: &complaint{line: e.line, message: message}})
}
