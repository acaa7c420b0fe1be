package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/bench/child"
)

const echoBot = "bench/echobot"

// server is a Parley that runs, with one integration whose conversations go to the desk.
type server struct {
	process     *child.Process
	base        string // URL
	link        string // one-time link of the first admin
	integration string
	key         string
}

// startServer builds Parley and starts it as it comes, with empty data.
func startServer(ctx context.Context, dir string) (*server, error) {
	program, data := filepath.Join(dir, "parley"), filepath.Join(dir, "data")
	if _, err := child.Run(exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/parley")); err != nil {
		return nil, err
	}
	bot, err := filepath.Abs(echoBot)
	if err != nil {
		return nil, err
	}
	said, err := child.Run(exec.CommandContext(ctx, program, "integration", "create", "--data", data,
		"--name", "Shop", "--bot", bot, "--settings", `{"desk":true}`, "--json"))
	if err != nil {
		return nil, err
	}
	var made struct {
		ID  string `json:"integration_id"`
		Key string `json:"api_key"`
	}
	if err := json.Unmarshal([]byte(said), &made); err != nil {
		return nil, fmt.Errorf("parley integration create: %w: %s", err, said)
	}
	command := exec.CommandContext(context.WithoutCancel(ctx), program, "serve",
		"--listen", "127.0.0.1:0", "--metrics-listen", "off", "--data", data)
	process, err := child.Start(command, syscall.SIGTERM, dir)
	if err != nil {
		return nil, err
	}
	s := &server{process: process, integration: made.ID, key: made.Key}
	if err := process.Await(ctx, s.listens); err != nil {
		return nil, errors.Join(err, process.Stop())
	}
	return s, nil
}

var (
	servesPattern = regexp.MustCompile(`serves (http://\S+)`)
	linkPattern   = regexp.MustCompile(`http\S+/desk/invitations/\S+`)
)

// listens reads the address and the admin's link from what the server said.
func (s *server) listens() error {
	said := s.process.Output()
	serves := servesPattern.FindStringSubmatch(said)
	s.link = linkPattern.FindString(said)
	if serves == nil || s.link == "" {
		return errors.New("no address and link of the admin yet")
	}
	s.base = serves[1]
	return nil
}

// usage is what a process has used.
type usage struct {
	at        time.Time
	processor time.Duration
	resident  int64 // bytes
}

// clockTicks is the unit of processor times in /proc on Linux.
const clockTicks = 100

func (s *server) usage() (usage, error) {
	dir := fmt.Sprintf("/proc/%d/", s.process.PID())
	stat, err := os.ReadFile(dir + "stat")
	if err != nil {
		return usage{}, err
	}
	statm, err := os.ReadFile(dir + "statm")
	if err != nil {
		return usage{}, err
	}
	_, after, _ := strings.Cut(string(stat), ") ") // the name may hold anything
	fields, pages := strings.Fields(after), strings.Fields(string(statm))
	if len(fields) < 13 || len(pages) < 2 {
		return usage{}, fmt.Errorf("%sstat is not what it should be", dir)
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	system, also := strconv.ParseInt(fields[12], 10, 64)
	resident, too := strconv.ParseInt(pages[1], 10, 64)
	ticks := time.Duration(user + system)
	return usage{time.Now(), ticks * time.Second / clockTicks, resident * int64(os.Getpagesize())}, errors.Join(err, also, too)
}
