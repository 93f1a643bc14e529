package org.procmon.readiness.notify;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.procmon.lifecycle.Event;
import org.procmon.lifecycle.Notification;
import org.procmon.posix.DatagramInbox;
import org.procmon.posix.DatagramInbox.Message;
import org.procmon.posix.Descriptor;
import org.procmon.posix.Processes;
import org.procmon.supervise.port.RunReporter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket on which a run reports its state. Source: sd_notify(3).
 *
 * <p>A sender that exited before its message was read is trusted: it knew the path, which no other
 * user can guess, and it is root or the run's user. Remaining risk: another process of that user
 * can look up the path and send a false message. It could kill the run as well.
 */
public final class NotifySocket implements ReadinessSource {
    private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);
    private static final int MOST_AT_ONCE = 32;
    private static final int LONGEST_STATUS = 1000;
    private static final int MOST_DIGITS = 18;

    private final DatagramInbox inbox;
    private final RunReporter runReporter;
    private final RunMembership membership;

    /** Runs at every keep-alive message. */
    private final Runnable alive;

    /** Whether a message was ignored; only the first one is reported. */
    private boolean reportedIgnored;

    private @Nullable String status;

    public NotifySocket(
            DatagramInbox inbox,
            RunReporter runReporter,
            RunMembership membership,
            Runnable alive) {
        this.inbox = inbox;
        this.runReporter = runReporter;
        this.membership = membership;
        this.alive = alive;
    }

    @Override
    public Descriptor descriptor() {
        return inbox.descriptor();
    }

    @Override
    public void listen() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Optional<Message> message = inbox.receive();
            if (message.isEmpty()) {
                return;
            }
            hear(message.get());
        }
    }

    private void hear(Message message) {
        int pid = message.pid();
        if (pid <= 0 || membership.of(pid) == RunMembership.Degree.STRANGER) {
            String sender = pid <= 0 ? "an unknown process" : "process " + pid + program(pid);
            ignore("a message of " + sender + ", which is not one of its processes");
            return;
        }
        message.text().lines().forEach(this::hear);
    }

    private static String program(int pid) {
        return Processes.program(pid).map(p -> " (" + p + ")").orElse("");
    }

    private void ignore(String what) {
        if (!reportedIgnored) {
            reportedIgnored = true;
            LOG.atWarn()
                    .addKeyValue("process", runReporter.name())
                    .addKeyValue("reason", what)
                    .log("{process} notification ignored");
            runReporter.notified(new Notification.Disbelieved(what));
        }
    }

    private void hear(String line) {
        int equals = line.indexOf('=');
        String value = line.substring(equals + 1);
        switch (equals < 0 ? "" : line.substring(0, equals)) {
            case "READY" -> {
                if (value.equals("1")) {
                    runReporter.ready();
                }
            }
            case "RELOADING" -> {
                if (value.equals("1")) {
                    runReporter.notified(new Notification.Reloading());
                }
            }
            case "STOPPING" -> {
                if (value.equals("1")) {
                    runReporter.notified(new Notification.Leaving());
                }
            }
            case "STATUS" -> reportStatus(value);
            case "MAINPID" -> reportMainPid(value);
            case "EXTEND_TIMEOUT_USEC" -> {
                long micros = number(value);
                if (micros > 0) {
                    runReporter.notified(
                            new Notification.MoreTime(Duration.ofNanos(1000).multipliedBy(micros)));
                }
            }
            case "WATCHDOG" -> {
                switch (value) {
                    case "1" -> alive.run();
                    case "trigger" ->
                            runReporter.report(new Event.WatchdogExpired(runReporter.run()));
                    default -> {}
                }
            }
            default -> {
                // sd_notify has other keys and may add more; unknown ones are ignored.
            }
        }
    }

    private void reportStatus(String value) {
        String words =
                value.length() <= LONGEST_STATUS ? value : value.substring(0, LONGEST_STATUS);
        if (!words.equals(status)) {
            status = words;
            runReporter.notified(new Notification.Status(words));
        }
    }

    private void reportMainPid(String value) {
        long pid = number(value);
        boolean known =
                pid > 1
                        && pid <= Integer.MAX_VALUE
                        && membership.of((int) pid) == RunMembership.Degree.OF_THE_RUN;
        if (known) {
            runReporter.notified(new Notification.MainPid((int) pid));
        } else {
            ignore("MAINPID, which names none of its processes");
        }
    }

    /** A whole number; 0 if the text is not one. */
    private static long number(String text) {
        boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && !text.isEmpty() && text.length() <= MOST_DIGITS ? Long.parseLong(text) : 0;
    }

    @Override
    public void close() {
        inbox.close();
    }
}
