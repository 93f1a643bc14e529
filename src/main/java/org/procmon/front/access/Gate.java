package org.procmon.front.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.procmon.bytes.TerminalSafe;
import org.procmon.front.config.FrontAuth;
import org.procmon.front.request.Answers;
import org.procmon.http.RemoteAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets in those that name themselves and prove it: by Basic (RFC 7617), by a bearer token (RFC
 * 6750), or in a form, which a cookie then stands for. Any thread; blocks while a password is
 * compared.
 */
public final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger("auth");
    private static final int LONGEST = 4096;
    private static final int MOST_SHOWN = 64;
    private static final HttpField TOKEN_CHALLENGE =
            new HttpField(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"procmon\"");
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    /** What is kept over changes of the configuration. */
    public static final class Memory {
        private final Passwords passwords = new Passwords();
        private final FailedLogins failed = new FailedLogins(System::nanoTime);
        private final Sessions sessions;

        /**
         * @param key signs cookies; other processes that have it accept them
         */
        public Memory(byte[] key) {
            this.sessions = new Sessions(key, Clock.systemUTC());
        }
    }

    /** What somebody has shown. */
    private sealed interface Shown {
        record Nothing() implements Shown {}

        record Login(String user, String password) implements Shown {}

        record Token(String token) implements Shown {}
    }

    /** Whether somebody comes in. */
    private sealed interface Verdict {
        record In(Caller caller) implements Verdict {}

        record Wrong() implements Verdict {}

        /** It has to wait. */
        record Later(int code, int seconds) implements Verdict {}
    }

    private final Memory memory;
    private final AuthFiles files;
    private final Duration lifetime;

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be used, with the reason
     */
    public Gate(FrontAuth auth, Memory memory) throws IOException {
        this.memory = memory;
        this.files = new AuthFiles(auth);
        this.lifetime = Duration.ofMillis(auth.sessionMillis());
    }

    /**
     * Lets a request in; empty if it was answered instead, with a question for the password or with
     * the outcome of the form.
     */
    public Optional<Caller> admit(Request request, Response response) throws IOException {
        AuthFiles.Content content = files.content();
        if (LoginForm.isSentBy(request)) {
            logIn(request, response, content);
            return Optional.empty();
        }
        if (LoginForm.endsSession(request)) {
            SessionCookie.set(request, response, "", Duration.ZERO);
            LoginPage.send(request, response, HttpStatus.OK_200, "You are logged out.", "/");
            return Optional.empty();
        }
        Verdict verdict;
        switch (shown(request)) {
            case Shown.Nothing _ -> {
                Optional<Caller> session =
                        SessionCookie.in(request)
                                .flatMap(one -> memory.sessions.user(one, content.users()))
                                .map(user -> new Caller(user, Caller.Scheme.FORM, false));
                if (session.isEmpty()) {
                    ask(request, response);
                    return Optional.empty();
                }
                verdict = new Verdict.In(session.get());
            }
            case Shown.Login(String user, String password) ->
                    verdict = compared(request, content, user, password);
            case Shown.Token(String token) -> verdict = compared(request, content, token);
        }
        return switch (verdict) {
            case Verdict.In(Caller caller) -> permitted(request, response, caller);
            case Verdict.Wrong _ -> {
                ask(request, response);
                yield Optional.empty();
            }
            case Verdict.Later later -> {
                postpone(response, later);
                yield Optional.empty();
            }
        };
    }

    /** A request as an application may see it: without the cookie, which it could use itself. */
    public static Request without(Request request) {
        return SessionCookie.without(request);
    }

    private static Optional<Caller> permitted(Request request, Response response, Caller caller)
            throws IOException {
        request.setAttribute(Caller.ATTRIBUTE, caller.name());
        boolean mayChange = !caller.readOnly() || READING.contains(request.getMethod());
        if (!mayChange) {
            Answers.send(response, HttpStatus.FORBIDDEN_403, "the token may only read");
            return Optional.empty();
        }
        return Optional.of(caller);
    }

    private static Shown shown(Request request) {
        String field = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (field == null || field.length() > LONGEST) {
            return new Shown.Nothing();
        }
        int space = field.indexOf(' ');
        String scheme = space < 0 ? "" : field.substring(0, space).toLowerCase(Locale.ROOT);
        String value = field.substring(space + 1).strip();
        if (scheme.equals("bearer")) {
            return new Shown.Token(value);
        }
        if (!scheme.equals("basic")) {
            return new Shown.Nothing();
        }
        try {
            String login = new String(Base64.getDecoder().decode(value), UTF_8);
            int colon = login.indexOf(':');
            return colon < 0
                    ? new Shown.Nothing()
                    : new Shown.Login(login.substring(0, colon), login.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            return new Shown.Nothing();
        }
    }

    private Verdict compared(
            Request request, AuthFiles.Content content, String user, String password) {
        if (memory.passwords.isKnown(content.users(), user, password)) {
            return new Verdict.In(new Caller(user, Caller.Scheme.BASIC, false));
        }
        String address = address(request);
        int wait = memory.failed.secondsToWait(address);
        if (wait > 0) {
            return new Verdict.Later(HttpStatus.TOO_MANY_REQUESTS_429, wait);
        }
        return switch (memory.passwords.compare(content.users(), user, password)) {
            case BUSY -> new Verdict.Later(HttpStatus.SERVICE_UNAVAILABLE_503, 1);
            case WRONG -> wrong(request, address, user);
            case RIGHT -> {
                memory.failed.succeeded(address);
                yield new Verdict.In(new Caller(user, Caller.Scheme.BASIC, false));
            }
        };
    }

    private Verdict compared(Request request, AuthFiles.Content content, String token) {
        Optional<Caller> caller = content.tokens().caller(Hashes.sha256(token));
        if (caller.isPresent()) {
            return new Verdict.In(caller.get());
        }
        String address = address(request);
        int wait = memory.failed.secondsToWait(address);
        return wait > 0
                ? new Verdict.Later(HttpStatus.TOO_MANY_REQUESTS_429, wait)
                : wrong(request, address, "");
    }

    private Verdict wrong(Request request, String address, String user) {
        memory.failed.failed(address);
        LOG.atWarn()
                .addKeyValue("address", Request.getRemoteAddr(request))
                .addKeyValue("user", TerminalSafe.text(user, MOST_SHOWN))
                .log("login failed");
        return new Verdict.Wrong();
    }

    private static String address(Request request) {
        return RemoteAddress.key(String.valueOf(Request.getRemoteAddr(request)));
    }

    private static void postpone(Response response, Verdict.Later later) throws IOException {
        boolean isGuessed = later.code() == HttpStatus.TOO_MANY_REQUESTS_429;
        Answers.send(
                response,
                later.code(),
                isGuessed
                        ? "too many wrong passwords from this address; wait for "
                                + later.seconds()
                                + " seconds"
                        : "too many log in at a time",
                isGuessed
                        ? new HttpField[] {
                            new HttpField(HttpHeader.RETRY_AFTER, Integer.toString(later.seconds()))
                        }
                        : new HttpField[0]);
    }

    /** A browser gets the form; its own window for passwords would keep them until it is closed. */
    private static void ask(Request request, Response response) throws IOException {
        boolean hasForm =
                wantsPage(request)
                        && (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                        && !request.getHeaders().contains(HttpHeader.AUTHORIZATION);
        if (hasForm) {
            // RFC 9110, section 15.5.2, wants a challenge; browsers leave this one alone.
            response.getHeaders().add(TOKEN_CHALLENGE);
            LoginPage.send(
                    request,
                    response,
                    HttpStatus.UNAUTHORIZED_401,
                    "",
                    request.getHttpURI().getPathQuery());
            return;
        }
        Answers.send(
                response,
                HttpStatus.UNAUTHORIZED_401,
                "log in with a user and a password, or a token",
                new HttpField(
                        HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"procmon\", charset=\"UTF-8\""),
                TOKEN_CHALLENGE);
    }

    private static boolean wantsPage(Request request) {
        String accept = request.getHeaders().get(HttpHeader.ACCEPT);
        return accept != null && accept.startsWith("text/html");
    }

    private void logIn(Request request, Response response, AuthFiles.Content content)
            throws IOException {
        if (!LoginForm.isOfThisSite(request)) {
            Answers.send(
                    response,
                    HttpStatus.FORBIDDEN_403,
                    "the form was sent by a page of another site");
            return;
        }
        LoginForm form = LoginForm.read(request);
        switch (compared(request, content, form.user(), form.password())) {
            case Verdict.In(Caller caller) -> {
                request.setAttribute(Caller.ATTRIBUTE, caller.name());
                String hash = content.users().hash(caller.name()).orElseThrow();
                String session = memory.sessions.begin(caller.name(), hash, lifetime);
                SessionCookie.set(request, response, session, lifetime);
                response.getHeaders().put(HttpHeader.LOCATION, form.to());
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
                response.setStatus(HttpStatus.SEE_OTHER_303);
            }
            case Verdict.Wrong _ ->
                    LoginPage.send(
                            request,
                            response,
                            HttpStatus.FORBIDDEN_403,
                            "The user or the password is wrong.",
                            form.to());
            case Verdict.Later later -> postpone(response, later);
        }
    }
}
