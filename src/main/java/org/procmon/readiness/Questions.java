package org.procmon.readiness;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.procmon.lifecycle.ExitStatus;
import org.procmon.spec.DurationText;
import org.procmon.spec.Probe;
import org.procmon.spec.ProcessSpec;
import org.procmon.supervise.Errand;
import org.procmon.supervise.Errands;

/** Makes the questions of probes. Any thread. */
final class Questions {
    private static final Optional<String> ALL_IS_WELL = Optional.empty();
    private static final int HTTP_PORT = 80;
    private static final int LONGEST_STATUS_LINE = 512;

    private final Errands errands;

    Questions(Errands errands) {
        this.errands = errands;
    }

    /**
     * The question of a probe.
     *
     * @param limit how long the program of an {@code exec} may take
     */
    Question of(ProcessSpec spec, Probe probe, Duration limit) {
        return switch (probe) {
            case Probe.Tcp tcp -> () -> tcp(tcp);
            case Probe.Unix unix -> () -> unix(unix.socket());
            case Probe.Http http -> () -> http(http.url());
            case Probe.Run run -> () -> run(new Errand(spec, run.exec(), limit));
        };
    }

    private static Optional<String> tcp(Probe.Tcp tcp) {
        try (Socket socket = new Socket()) {
            connect(socket, tcp.host(), tcp.port());
            return ALL_IS_WELL;
        } catch (IOException e) {
            String where = tcp.host().isEmpty() ? "port " : tcp.host() + ":";
            return Optional.of("cannot connect to " + where + tcp.port() + ": " + reason(e));
        }
    }

    private static void connect(Socket socket, String host, int port) throws IOException {
        InetAddress address =
                host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
        socket.connect(new InetSocketAddress(address, port));
    }

    private static Optional<String> unix(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            return ALL_IS_WELL;
        } catch (IOException e) {
            return Optional.of("cannot connect to " + path + ": " + reason(e));
        }
    }

    /** Of the answer only its first line is read. Source: RFC 9112, sections 3 and 4. */
    private static Optional<String> http(URI url) {
        int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
        String host = url.getHost();
        boolean bracketed = host.startsWith("[");
        try (Socket socket = new Socket()) {
            connect(socket, bracketed ? host.substring(1, host.length() - 1) : host, port);
            String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
            String request =
                    "GET "
                            + path
                            + query
                            + " HTTP/1.1\r\nHost: "
                            + url.getRawAuthority()
                            + "\r\nUser-Agent: procmon\r\nAccept: */*\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            int status = status(firstLine(socket));
            return status >= 200 && status < 400
                    ? ALL_IS_WELL
                    : Optional.of(url + (status < 0 ? " does not speak HTTP" : " says " + status));
        } catch (IOException e) {
            return Optional.of("cannot ask " + url + ": " + reason(e));
        }
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_STATUS_LINE) {
            int next = socket.getInputStream().read();
            if (next < 0 || next == '\n') {
                break;
            }
            line.append((char) next);
        }
        return line.toString();
    }

    /** The number in {@code HTTP/1.1 200 OK}; -1 if this is no such line. */
    private static int status(String line) {
        boolean good =
                line.length() >= 12
                        && line.startsWith("HTTP/1.")
                        && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9');
        return good ? Integer.parseInt(line.substring(9, 12)) : -1;
    }

    private Optional<String> run(Errand errand) {
        CompletableFuture<Errand.Outcome> outcome = errands.run(errand);
        String program = "'" + errand.exec().text() + "'";
        try {
            return switch (outcome.get()) {
                case Errand.Outcome.Ended(ExitStatus status) ->
                        status.equals(new ExitStatus.Exited(0))
                                ? ALL_IS_WELL
                                : Optional.of(program + " " + status.inWords());
                case Errand.Outcome.TimedOut _ ->
                        Optional.of(
                                program
                                        + " did not end within "
                                        + DurationText.inWords(errand.limit()));
                case Errand.Outcome.NotStarted not -> Optional.of(not.error().reason());
            };
        } catch (InterruptedException _) {
            outcome.cancel(true);
            return Optional.of(program + " was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot run " + program, e.getCause());
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return switch (e) {
            case ConnectException _ when message != null -> message;
            case UnknownHostException _ -> "there is no such host";
            default -> message == null ? e.getClass().getSimpleName() : message;
        };
    }
}
