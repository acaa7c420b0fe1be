package porttest

import (
	"net"
	"testing"
)

func TestAddress_CanBeListenedOnAgainAndAgain(t *testing.T) {
	address, err := Address("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		l, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if at := l.Addr().(*net.TCPAddr); at.Port < lowest || at.Port >= lowest+count {
			t.Errorf("port %d is one that the system may give to others", at.Port)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAddress_TellsOfAHostThatIsNone(t *testing.T) {
	if address, err := Address("192.0.2.1"); err == nil {
		t.Errorf("got %s", address)
	}
}
