package script

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/dialog"
)

// Release is a copy of a bot directory that was put into service.
type Release struct {
	Number     int   `json:"release"` // from 1
	DeployedMs int64 `json:"deployed_ms"`
}

// shelfState is what a shelf remembers.
type shelfState struct {
	Source   string    `json:"source"` // the bot directory
	Current  int       `json:"current"`
	Releases []Release `json:"releases"` // oldest first
	// Moved names the releases whose sessions go on with another one.
	Moved map[int]int `json:"moved,omitempty"`
}

// shelf keeps the releases of one bot directory: a folder for each, and
// state.json. What is written there is replaced whole.
type shelf struct {
	dir string
	shelfState
}

// keptReleases is how many releases stay on a shelf beside those in use.
const keptReleases = 5

// openShelf reads the shelf of a bot directory; one without releases is empty.
func openShelf(root, source string) (*shelf, error) {
	sum := sha256.Sum256([]byte(source))
	s := &shelf{dir: filepath.Join(root, filepath.Base(source)+"-"+hex.EncodeToString(sum[:4]))}
	text, err := os.ReadFile(s.stateFile())
	if errors.Is(err, fs.ErrNotExist) {
		s.Source = source
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &s.shelfState)
	}
	if err != nil {
		return nil, fmt.Errorf("the releases of %s: %w", source, err)
	}
	return s, nil
}

func (s *shelf) stateFile() string { return filepath.Join(s.dir, "state.json") }

func (s *shelf) folder(n int) string { return filepath.Join(s.dir, strconv.Itoa(n)) }

// with is the state after a change, which takes effect when it is saved.
func (s *shelf) with(change func(*shelfState)) (*shelf, error) {
	next := &shelf{dir: s.dir, shelfState: s.shelfState}
	next.Releases = slices.Clone(s.Releases)
	next.Moved = map[int]int{}
	maps.Copy(next.Moved, s.Moved)
	change(&next.shelfState)
	return next, next.save()
}

// save replaces the state file so that a crash leaves the old or the new one.
func (s *shelf) save() error {
	text, err := json.MarshalIndent(s.shelfState, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(s.dir, "state-*")
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), s.stateFile())
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return syncDir(s.dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// add takes a staged copy as the newest release.
func (s *shelf) add(staged string, at time.Time, move bool) (*shelf, Release, error) {
	r := Release{Number: 1, DeployedMs: at.UnixMilli()}
	if n := len(s.Releases); n > 0 {
		r.Number = s.Releases[n-1].Number + 1
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return nil, r, err
	}
	if err := os.RemoveAll(s.folder(r.Number)); err != nil { // of a deploy that was cut
		return nil, r, err
	}
	if err := os.Rename(staged, s.folder(r.Number)); err != nil {
		return nil, r, err
	}
	next, err := s.with(func(state *shelfState) {
		state.Current = r.Number
		if move {
			state.moveAll()
		}
		state.Releases = append(state.Releases, r)
	})
	return next, r, err
}

// moveAll sends the sessions of all releases to the current one.
func (s *shelfState) moveAll() {
	for _, r := range s.Releases {
		s.Moved[r.Number] = s.Current
	}
	delete(s.Moved, s.Current)
}

// restore puts an earlier release into service; sessions of the withdrawn one
// go with it unless they keep theirs.
func (s *shelf) restore(to int, keep bool) (*shelf, error) {
	if to == 0 {
		to = s.before(s.Current)
	}
	if to == s.Current || !s.has(to) {
		return nil, fmt.Errorf("there is no release to go back to: release %d is in service, on the shelf are %s", s.Current, s.numbers())
	}
	return s.with(func(state *shelfState) {
		withdrawn := state.Current
		state.Current = to
		delete(state.Moved, to)
		if !keep {
			state.Moved[withdrawn] = to
		}
	})
}

// before is the newest release older than n, 0 for none.
func (s *shelf) before(n int) int {
	older := 0
	for _, r := range s.Releases {
		if r.Number < n {
			older = r.Number
		}
	}
	return older
}

func (s *shelf) has(n int) bool {
	return slices.ContainsFunc(s.Releases, func(r Release) bool { return r.Number == n })
}

func (s *shelf) numbers() string {
	list := make([]string, len(s.Releases))
	for i, r := range s.Releases {
		list[i] = strconv.Itoa(r.Number)
	}
	return strings.Join(list, ", ")
}

// serving is the release that a session on release n runs: its own while it is
// on the shelf and nobody moved its sessions, else the current one.
func (s *shelf) serving(n int) int {
	for range len(s.Moved) + 1 {
		to, moved := s.Moved[n]
		if !moved {
			break
		}
		n = to
	}
	if !s.has(n) {
		return s.Current
	}
	return n
}

// prune takes releases off the shelf that are neither in use nor among the
// newest. Where sessions of a release were moved to stays known: they may be
// open still. The shelf is valid with an error, too: then a folder is left.
func (s *shelf) prune(inUse func(n int) bool) (*shelf, error) {
	old := max(len(s.Releases)-keptReleases, 0)
	drop := func(r Release) bool { return r.Number != s.Current && !inUse(r.Number) }
	var gone []Release
	for _, r := range s.Releases[:old] {
		if drop(r) {
			gone = append(gone, r)
		}
	}
	if len(gone) == 0 {
		return s, nil
	}
	next, err := s.with(func(state *shelfState) {
		state.Releases = slices.DeleteFunc(state.Releases, func(r Release) bool { return slices.Contains(gone, r) })
	})
	if err != nil {
		return s, err
	}
	for _, r := range gone {
		err = errors.Join(err, os.RemoveAll(s.folder(r.Number)))
	}
	return next, err
}

// stagedFor is how long a staged copy may wait for its deploy; one that is older
// was left by a process that died.
const stagedFor = time.Hour

// Stage copies a bot directory to a place below root from which Deploy takes
// it, so that what was checked and tested is what goes into service. Hidden
// files stay behind; dependencies beside the project come along.
func Stage(root, source string) (string, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return "", err
	}
	if err := clearStaged(root); err != nil {
		return "", err
	}
	staged, err := os.MkdirTemp(root, ".staged-*")
	if err != nil {
		return "", err
	}
	err = copyTree(staged, source, maxLinkedDepth)
	if err == nil {
		err = copyDependencies(staged, source)
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(staged))
	}
	return staged, nil
}

func clearStaged(root string) error {
	left, err := filepath.Glob(filepath.Join(root, ".staged-*"))
	for _, dir := range left {
		if info, wrong := os.Stat(dir); wrong == nil && time.Since(info.ModTime()) > stagedFor {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}
	return err
}

// copyDependencies brings what lies beside the project into the copy.
func copyDependencies(staged, source string) error {
	parent := filepath.Dir(source)
	project, _ := dialog.LoadDir(source, dialog.Options{})
	for _, d := range project.Config.Dependencies {
		outside := d.Outside(os.DirFS(source), os.DirFS(parent))
		if outside == "" {
			continue
		}
		to := filepath.Join(staged, "dependencies", d.Name)
		if err := os.MkdirAll(to, 0o700); err != nil {
			return err
		}
		if err := copyTree(to, filepath.Join(parent, filepath.FromSlash(outside)), maxLinkedDepth); err != nil {
			return err
		}
	}
	return nil
}

// maxLinkedDepth bounds the folders of a bot: links to directories are followed,
// and one that leads to itself has no end.
const maxLinkedDepth = 32

func copyTree(to, from string, depth int) error {
	if depth == 0 {
		return fmt.Errorf("%s: a bot directory may be %d folders deep; does a link lead to itself?", from, maxLinkedDepth)
	}
	entries, err := os.ReadDir(from)
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		if err := copyEntry(filepath.Join(to, entry.Name()), filepath.Join(from, entry.Name()), depth); err != nil {
			return err
		}
	}
	return err
}

func copyEntry(to, from string, depth int) error {
	info, err := os.Stat(from) // follows a link
	switch {
	case err != nil:
		return err
	case info.IsDir():
		if err := os.Mkdir(to, 0o700); err != nil {
			return err
		}
		return copyTree(to, from, depth-1)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is neither a file nor a directory", from)
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}
