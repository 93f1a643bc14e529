package org.procmon.readiness.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.procmon.config.DurationText;
import org.procmon.config.Probe;

/**
 * Probes over TLS. Unlike an unencrypted probe this blocks, each time on a virtual thread of its
 * own: encryption takes time, and would delay all other probes. An interrupt closes the socket.
 */
final class TlsProbe implements ProbeTarget {
    private static final int PIECE = 4096;
    private static final int LONGEST_REASON = 200;
    private static final String NO_DESCRIPTOR = "Too many open files";

    /** An address does not answer; another may. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String complaint) {
            super(complaint);
        }
    }

    private final Probe.Http probe;
    private final Duration limit;
    private final Tls tls;
    private final HttpProbeRequest first;

    /**
     * @param limit the timeout of the answer
     */
    TlsProbe(Probe.Http probe, Duration limit, Tls tls) {
        this.probe = probe;
        this.limit = limit;
        this.tls = tls;
        this.first = new HttpProbeRequest(probe.url());
    }

    @Override
    public ProbeResult ask() {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            return ask(addresses(), deadline);
        } catch (UnknownHostException _) {
            return new ProbeResult.Bad("cannot ask " + probe.url() + ": there is no such host");
        } catch (TimeoutException _) {
            return ProbeRequest.notFound(first.host(), DurationText.inWords(limit));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return CommandProbe.tooLate(limit);
        }
    }

    /**
     * Gives up before the timeout, so that a hanging lookup is not mistaken for a server that does
     * not answer.
     */
    private List<InetAddress> addresses()
            throws UnknownHostException, InterruptedException, TimeoutException {
        Optional<List<InetAddress>> known = ProbeRequest.known(first.host());
        if (known.isPresent()) {
            return known.get();
        }
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        Resolver.execute(() -> {
            try {
                found.complete(List.of(InetAddress.getAllByName(first.host())));
            } catch (UnknownHostException _) {
                found.complete(List.of());
            }
        });
        try {
            List<InetAddress> addresses = found.get(limit.toNanos() / 10 * 9, TimeUnit.NANOSECONDS);
            if (addresses.isEmpty()) {
                throw new UnknownHostException(first.host());
            }
            return addresses;
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot look up " + first.host(), e.getCause());
        }
    }

    private ProbeResult ask(List<InetAddress> addresses, long deadline) {
        Optional<ProbeResult> refusal = Optional.empty();
        for (int i = 0; i < addresses.size(); i++) {
            long share = (deadline - System.nanoTime()) / (addresses.size() - i);
            try {
                return ask(addresses.get(i), System.nanoTime() + share);
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).contains(NO_DESCRIPTOR)) {
                    return new ProbeResult.NotAsked(
                            "cannot ask " + probe.url() + ": " + NO_DESCRIPTOR);
                }
                ProbeResult why = complaint(e);
                refusal = refusal.or(() -> Optional.of(why));
            }
        }
        return refusal.orElseGet(() -> CommandProbe.tooLate(limit));
    }

    private ProbeResult ask(InetAddress address, long until) throws IOException {
        HttpProbeRequest request = first;
        while (true) {
            switch (request.judge(answer(address, request, until))) {
                case HttpProbeRequest.Next.Judged(ProbeResult probeResult) -> {
                    return probeResult;
                }
                case HttpProbeRequest.Next.Redirected(HttpProbeRequest next) -> request = next;
            }
        }
    }

    private ResponseHead.Result.Whole answer(
            InetAddress address, HttpProbeRequest request, long until) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(address, request.port()), millis(until));
            plain.setSoTimeout(millis(until));
            try (Socket socket =
                    tls.over(plain, request.host(), request.port(), probe.insecure())) {
                socket.getOutputStream().write(request.bytes());
                socket.getOutputStream().flush();
                return answer(socket.getInputStream());
            }
        }
    }

    private ResponseHead.Result.Whole answer(InputStream in) throws IOException {
        ResponseHead head = new ResponseHead();
        byte[] piece = new byte[PIECE];
        while (true) {
            int count = in.read(piece);
            switch (count < 0 ? head.end() : head.take(piece, count)) {
                case ResponseHead.Result.Part _ -> {}
                case ResponseHead.Result.Whole whole -> {
                    return whole;
                }
                case ResponseHead.Result.Foreign _ ->
                        throw new Refused(probe.url() + " does not speak HTTP");
            }
        }
    }

    private static int millis(long until) {
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        return Math.clamp(left, 1, Integer.MAX_VALUE);
    }

    private ProbeResult complaint(IOException e) {
        if (e instanceof Refused) {
            return new ProbeResult.Bad(String.valueOf(e.getMessage()));
        }
        return switch (e) {
            case SocketTimeoutException _ -> CommandProbe.tooLate(limit);
            default -> new ProbeResult.Bad("cannot ask " + probe.url() + ": " + reason(e));
        };
    }

    private String reason(IOException e) {
        Throwable root = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            root = cause;
            if (cause instanceof CertificateException certificate) {
                return Distrust.words(probe.url().getHost(), certificate);
            }
        }
        return words(root);
    }

    static String words(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.length() <= LONGEST_REASON
                ? message
                : message.substring(0, LONGEST_REASON) + "…";
    }
}
