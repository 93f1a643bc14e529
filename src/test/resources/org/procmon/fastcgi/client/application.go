// A FastCGI application for tests, with net/http/fcgi: see ApplicationContract.java.
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/fcgi"
)

var piece = bytes.Repeat([]byte("x"), 65536)

// fill writes so many pieces, all for -1, as long as they are taken.
func fill(to io.Writer, pieces int) {
	for ; pieces != 0; pieces-- {
		if _, err := to.Write(piece); err != nil {
			return
		}
	}
}

func answer(to http.ResponseWriter, request *http.Request) {
	to.Header().Set("Content-Type", "text/plain")
	to.Header().Set("X-Peer", "yes")
	switch request.URL.RawQuery {
	case "echo":
		io.Copy(to, request.Body)
	case "big":
		fill(to, 128)
	case "endless":
		fill(to, -1)
	default:
		fmt.Fprintf(to, "%s %s", request.Method, request.URL.RawQuery)
	}
}

func main() {
	log.Fatal(fcgi.Serve(nil, http.HandlerFunc(answer)))
}
