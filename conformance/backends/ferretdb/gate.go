package main

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
)

const (
	headerBytes     = 16
	maxMessageBytes = 48_000_000
	opMsg           = 2013
	moreToCome      = 1 << 1
)

// gate stands before a server and hands it one message at a time, over all connections: the next only when the one
// before is answered. The server reads and then writes without isolation, so two commands at once lose updates.
type gate struct {
	server   string
	isolated bool
	turn     sync.Mutex
}

func newGate(server string, isolated bool) *gate {
	return &gate{server: server, isolated: isolated}
}

func (g *gate) serve(clients net.Listener) error {
	for {
		client, err := clients.Accept()
		if err != nil {
			return err
		}
		go g.forward(client)
	}
}

// forward ends with the first connection that does.
func (g *gate) forward(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", g.server)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		request, err := readMessage(client)
		if err != nil {
			return
		}
		reply, err := g.ask(server, request)
		if err != nil {
			return
		}
		if _, err := client.Write(reply); err != nil {
			return
		}
	}
}

func (g *gate) ask(server net.Conn, request []byte) ([]byte, error) {
	if g.isolated {
		g.turn.Lock()
		defer g.turn.Unlock()
	}
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	if wantsNoReply(request) {
		return nil, nil
	}
	return readMessage(server)
}

// readMessage gives a whole message of the wire protocol; its first four bytes are its length, little-endian.
func readMessage(from io.Reader) ([]byte, error) {
	header := make([]byte, headerBytes)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(header)
	if length < headerBytes || length > maxMessageBytes {
		return nil, errors.New("not a message of MongoDB's wire protocol")
	}
	message := make([]byte, length)
	copy(message, header)
	_, err := io.ReadFull(from, message[headerBytes:])
	return message, err
}

func wantsNoReply(message []byte) bool {
	if len(message) < headerBytes+4 || binary.LittleEndian.Uint32(message[12:]) != opMsg {
		return false
	}
	return binary.LittleEndian.Uint32(message[headerBytes:])&moreToCome != 0
}
