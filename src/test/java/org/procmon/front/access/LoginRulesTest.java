package org.procmon.front.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords, the cookie of a session, and those that guess. */
class LoginRulesTest {
    private static final String HASH =
            "$2y$04$eci.XFa1aFK/zCZbPnktKOm5uDZdNjfUk0HRIuuS5Iftj/bfp4mDC";
    private static final String OTHER =
            "$2y$04$VWYWENTluAIihfE7XnP2oeFxJwuOJxFSBvM.tn9FEps4buWRePJP2";
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    @TempDir Path folder = Path.of("");

    private PasswordFile users(String content) throws IOException {
        return PasswordFile.read(Files.writeString(folder.resolve("users"), content));
    }

    @Test
    void aPasswordIsKnownUntilItsHashChanges() throws IOException {
        Passwords passwords = new Passwords();
        PasswordFile users = users("ada:" + HASH);
        assertThat(passwords.isKnown(users, "ada", "secret")).isFalse();
        assertThat(passwords.compare(users, "ada", "wrong")).isEqualTo(Passwords.Outcome.WRONG);
        assertThat(passwords.isKnown(users, "ada", "wrong")).isFalse();
        assertThat(passwords.compare(users, "ada", "secret")).isEqualTo(Passwords.Outcome.RIGHT);
        assertThat(passwords.isKnown(users, "ada", "secret")).isTrue();
        assertThat(passwords.isKnown(users, "ada", "other")).isFalse();
        assertThat(passwords.isKnown(users("ada:" + OTHER), "ada", "secret")).isFalse();
        assertThat(passwords.isKnown(users("bob:" + HASH), "ada", "secret")).isFalse();
    }

    @Test
    void aUserThatDoesNotExistHasNoPassword() throws IOException {
        Passwords passwords = new Passwords();
        PasswordFile users = users("ada:" + HASH);
        assertThat(passwords.compare(users, "bob", "secret")).isEqualTo(Passwords.Outcome.WRONG);
        assertThat(passwords.isKnown(users, "bob", "secret")).isFalse();
        assertThat(passwords.compare(PasswordFile.NONE, "ada", ""))
                .isEqualTo(Passwords.Outcome.WRONG);
    }

    private static Sessions sessions(String key, Instant now) {
        return new Sessions(key.getBytes(java.nio.charset.StandardCharsets.UTF_8), at(now));
    }

    private static Clock at(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    @Test
    void aSessionLastsUntilItsTimeItsPasswordOrItsUserGoes() throws IOException {
        PasswordFile users = users("ada:" + HASH);
        String cookie = sessions("k", NOW).begin("ada", HASH, Duration.ofHours(1));
        Instant before = NOW.plus(Duration.ofMinutes(59));
        assertThat(sessions("k", before).user(cookie, users)).contains("ada");
        assertThat(sessions("k", NOW.plus(Duration.ofHours(1))).user(cookie, users)).isEmpty();
        assertThat(sessions("other", before).user(cookie, users)).isEmpty();
        assertThat(sessions("k", before).user(cookie, users("ada:" + OTHER))).isEmpty();
        assertThat(sessions("k", before).user(cookie, users("bob:" + HASH))).isEmpty();
    }

    @Test
    void aForgedCookieIsNoSession() throws IOException {
        PasswordFile users = users("ada:" + HASH + "\nbob:" + OTHER);
        Sessions sessions = sessions("k", NOW);
        String[] own = sessions.begin("ada", HASH, Duration.ofHours(1)).split("\\.", -1);
        String bob = sessions.begin("bob", OTHER, Duration.ofHours(1)).split("\\.", -1)[0];
        for (String cookie :
                new String[] {
                    "",
                    "..",
                    "a.b.c.d",
                    own[0] + "." + own[1] + ".",
                    bob + "." + own[1] + "." + own[2],
                    own[0] + ".9" + own[1] + "." + own[2],
                    own[0] + "." + own[1] + "." + own[2].substring(1),
                    "*." + own[1] + "." + own[2]
                }) {
            assertThat(sessions.user(cookie, users)).as(cookie).isEmpty();
        }
    }

    @Test
    void eachFurtherFailureWaitsTwiceAsLongUpToAMinute() {
        AtomicLong now = new AtomicLong();
        FailedLogins failed = new FailedLogins(now::get);
        for (int i = 0; i < 4; i++) {
            failed.failed("a");
            assertThat(failed.secondsToWait("a")).isZero();
        }
        int[] waits = {1, 2, 4, 8, 16, 32, 60, 60};
        for (int wait : waits) {
            failed.failed("a");
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            assertThat(failed.secondsToWait("a")).isEqualTo(wait);
            now.addAndGet(TimeUnit.SECONDS.toNanos(wait));
            assertThat(failed.secondsToWait("a")).isZero();
        }
        failed.failed("a");
        assertThat(failed.secondsToWait("b")).isZero();
        assertThat(failed.secondsToWait("a")).isPositive();
        failed.succeeded("a");
        assertThat(failed.secondsToWait("a")).isZero();
        for (int i = 0; i < 4; i++) {
            failed.failed("a");
        }
        now.addAndGet(TimeUnit.MINUTES.toNanos(11));
        failed.failed("a");
        assertThat(failed.secondsToWait("a")).isZero();
    }

    @Test
    void onlySoManyAddressesAreRemembered() {
        Recent<Integer, Integer> recent = new Recent<>(3);
        for (int i = 0; i < 10; i++) {
            recent.put(i, i);
            recent.get(0);
        }
        assertThat(recent.keySet()).containsExactlyInAnyOrder(0, 8, 9);
    }
}
