package org.procmon.readiness;

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
import org.procmon.spec.DurationText;
import org.procmon.spec.Probe;

/**
 * Asks over TLS. Unlike what is asked in the clear, this blocks, on a virtual thread of its own for
 * each question: encryption takes its time, and would hold up all others. An interrupt closes the
 * socket.
 */
final class TlsQuestion implements Question {
    private static final int PIECE = 4096;
    private static final int LONGEST_REASON = 200;
    private static final String NO_DESCRIPTOR = "Too many open files";

    /** An address that does not answer; another may. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(String complaint) {
            super(complaint);
        }
    }

    private final Probe.Http probe;
    private final Duration limit;
    private final Tls tls;
    private final HttpRequest first;

    /**
     * @param limit how long an answer may take
     */
    TlsQuestion(Probe.Http probe, Duration limit, Tls tls) {
        this.probe = probe;
        this.limit = limit;
        this.tls = tls;
        this.first = new HttpRequest(probe.url());
    }

    @Override
    public Verdict ask() {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            return ask(addresses(), deadline);
        } catch (UnknownHostException _) {
            return new Verdict.Bad("cannot ask " + probe.url() + ": there is no such host");
        } catch (TimeoutException _) {
            return Call.notFound(first.host(), DurationText.inWords(limit));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Asker.tooLate(limit);
        }
    }

    /**
     * Before the time is over, so that a lookup that hangs is not taken for the server's silence.
     */
    private List<InetAddress> addresses()
            throws UnknownHostException, InterruptedException, TimeoutException {
        Optional<List<InetAddress>> known = Call.known(first.host());
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

    private Verdict ask(List<InetAddress> addresses, long deadline) {
        Optional<Verdict> refusal = Optional.empty();
        for (int i = 0; i < addresses.size(); i++) {
            long share = (deadline - System.nanoTime()) / (addresses.size() - i);
            try {
                return ask(addresses.get(i), System.nanoTime() + share);
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).contains(NO_DESCRIPTOR)) {
                    return new Verdict.NotAsked("cannot ask " + probe.url() + ": " + NO_DESCRIPTOR);
                }
                Verdict why = complaint(e);
                refusal = refusal.or(() -> Optional.of(why));
            }
        }
        return refusal.orElseGet(() -> Asker.tooLate(limit));
    }

    private Verdict ask(InetAddress address, long until) throws IOException {
        HttpRequest request = first;
        while (true) {
            switch (request.judge(answer(address, request, until))) {
                case HttpRequest.Next.Judged(Verdict verdict) -> {
                    return verdict;
                }
                case HttpRequest.Next.Redirected(HttpRequest next) -> request = next;
            }
        }
    }

    private AnswerHead.Result.Whole answer(InetAddress address, HttpRequest request, long until)
            throws IOException {
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

    private AnswerHead.Result.Whole answer(InputStream in) throws IOException {
        AnswerHead head = new AnswerHead();
        byte[] piece = new byte[PIECE];
        while (true) {
            int count = in.read(piece);
            switch (count < 0 ? head.end() : head.take(piece, count)) {
                case AnswerHead.Result.Part _ -> {}
                case AnswerHead.Result.Whole whole -> {
                    return whole;
                }
                case AnswerHead.Result.Foreign _ ->
                        throw new Refused(probe.url() + " does not speak HTTP");
            }
        }
    }

    private static int millis(long until) {
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        return Math.clamp(left, 1, Integer.MAX_VALUE);
    }

    private Verdict complaint(IOException e) {
        if (e instanceof Refused) {
            return new Verdict.Bad(String.valueOf(e.getMessage()));
        }
        return switch (e) {
            case SocketTimeoutException _ -> Asker.tooLate(limit);
            default -> new Verdict.Bad("cannot ask " + probe.url() + ": " + reason(e));
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
