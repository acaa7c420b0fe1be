package socketio

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"
)

// serverProcess names the environment variable that makes the test binary a server to measure from outside.
const serverProcess = "SOCKETIO_TEST_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(serverProcess) != "" {
		runServerProcess()
		return
	}
	os.Exit(m.Run())
}

// runServerProcess prints its address, then for every line on its input its resident memory in bytes after a collection.
func runServerProcess() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	options := Options{
		PingInterval: time.Minute,
		OnEvent:      func(s *Socket, e *Event) { _ = e.Ack(e.Args[0]) },
	}
	go func() { _ = http.Serve(listener, NewServer(options)) }()
	fmt.Println(listener.Addr())
	for input := bufio.NewScanner(os.Stdin); input.Scan(); {
		debug.FreeOSMemory()
		fmt.Println(residentMemory())
	}
}

func residentMemory() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kib, _ := strconv.Atoi(strings.Fields(after)[0])
	return kib << 10
}

type measuredServer struct {
	address string
	ask     io.Writer
	answers *bufio.Reader
}

func startServerProcess(t testing.TB) *measuredServer {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	command := exec.Command(self)
	command.Env = append(os.Environ(), serverProcess+"=1")
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	must(t, err)
	output, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	s := &measuredServer{ask: input, answers: bufio.NewReader(output)}
	s.address = s.line(t)
	return s
}

func (s *measuredServer) line(t testing.TB) string {
	t.Helper()
	line, err := s.answers.ReadString('\n')
	must(t, err)
	return strings.TrimSpace(line)
}

func (s *measuredServer) memory(t testing.TB) int {
	t.Helper()
	_, err := io.WriteString(s.ask, "\n")
	must(t, err)
	bytes, err := strconv.Atoi(s.line(t))
	must(t, err)
	return bytes
}

// dialIdle opens a websocket by hand and joins "/": a client library would need more memory than the server.
func dialIdle(t testing.TB, address string, reader *bufio.Reader) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	must(t, err)
	request := "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: " + address +
		"\r\nOrigin: https://shop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)" +
		"\r\nAccept-Language: en-GB,en;q=0.9\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13" +
		"\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
	_, err = io.WriteString(conn, request)
	must(t, err)
	reader.Reset(conn)
	response, err := http.ReadResponse(reader, nil)
	must(t, err)
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatal(response.Status)
	}
	readFrame(t, reader, "0")
	_, err = conn.Write(maskedFrame("40"))
	must(t, err)
	readFrame(t, reader, "40")
	return conn
}

// maskedFrame is a short text message as a client sends it, masked with zeros.
func maskedFrame(text string) []byte {
	return append([]byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
}

func readFrame(t testing.TB, reader *bufio.Reader, prefix string) {
	t.Helper()
	var header [2]byte
	_, err := io.ReadFull(reader, header[:])
	must(t, err)
	body := make([]byte, header[1])
	_, err = io.ReadFull(reader, body)
	must(t, err)
	if !strings.HasPrefix(string(body), prefix) {
		t.Fatalf("got %q, want %q", body, prefix)
	}
}

// memoryPerConnection measures idle websocket connections in a process of their own.
func memoryPerConnection(t testing.TB, connections int) float64 {
	t.Helper()
	server := startServerProcess(t)
	reader := bufio.NewReaderSize(nil, 1024)
	warm := dialIdle(t, server.address, reader)
	defer warm.Close()
	before := server.memory(t)
	for range connections {
		conn := dialIdle(t, server.address, reader)
		defer conn.Close()
	}
	return float64(server.memory(t)-before) / float64(connections)
}

// BenchmarkIdleConnections reports the resident memory of 5,000 idle websocket connections.
func BenchmarkIdleConnections(b *testing.B) {
	for b.Loop() {
		b.ReportMetric(memoryPerConnection(b, 5000)/1024, "KiB/conn")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
