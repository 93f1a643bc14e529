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
 * A socket on which a run says how it is. Source: sd_notify(3).
 *
 * <p>Who has ended before it was heard is believed, since it knew the socket's path, which nobody
 * can guess, and is root or of the run's user. Of that user, who looks the path up can still lie;
 * it could end the run as well.
 */
public final class NotifySocket implements ReadinessSource {
    private static final Logger LOG = LoggerFactory.getLogger(NotifySocket.class);
    private static final int MOST_AT_ONCE = 32;
    private static final int LONGEST_STATUS = 1000;
    private static final int MOST_DIGITS = 18;

    private final DatagramInbox inbox;
    private final RunReporter runReporter;
    private final RunMembership kin;

    /** Told at every sign of life. */
    private final Runnable alive;

    /** Whether something was disbelieved; one is told, the others are like it. */
    private boolean disbelieved;

    private @Nullable String status;

    public NotifySocket(
            DatagramInbox inbox, RunReporter runReporter, RunMembership kin, Runnable alive) {
        this.inbox = inbox;
        this.runReporter = runReporter;
        this.kin = kin;
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
        if (pid <= 0 || kin.of(pid) == RunMembership.Degree.STRANGER) {
            String who = pid <= 0 ? "an unknown process" : "process " + pid + program(pid);
            disbelieve("a message of " + who + ", which is none of its own");
            return;
        }
        message.text().lines().forEach(this::hear);
    }

    private static String program(int pid) {
        return Processes.program(pid).map(p -> " (" + p + ")").orElse("");
    }

    private void disbelieve(String what) {
        if (!disbelieved) {
            disbelieved = true;
            LOG.warn("{}: ignored {}", runReporter.name(), what);
            runReporter.say(new Notification.Disbelieved(what));
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
                    runReporter.say(new Notification.Reloading());
                }
            }
            case "STOPPING" -> {
                if (value.equals("1")) {
                    runReporter.say(new Notification.Leaving());
                }
            }
            case "STATUS" -> tellStatus(value);
            case "MAINPID" -> tellMainPid(value);
            case "EXTEND_TIMEOUT_USEC" -> {
                long micros = number(value);
                if (micros > 0) {
                    runReporter.say(
                            new Notification.MoreTime(Duration.ofNanos(1000).multipliedBy(micros)));
                }
            }
            case "WATCHDOG" -> {
                switch (value) {
                    case "1" -> alive.run();
                    case "trigger" ->
                            runReporter.tell(new Event.WatchdogExpired(runReporter.run()));
                    default -> {}
                }
            }
            default -> {
                // There are others, and more to come; they are for those who understand them.
            }
        }
    }

    private void tellStatus(String value) {
        String words =
                value.length() <= LONGEST_STATUS ? value : value.substring(0, LONGEST_STATUS);
        if (!words.equals(status)) {
            status = words;
            runReporter.say(new Notification.Status(words));
        }
    }

    private void tellMainPid(String value) {
        long pid = number(value);
        boolean known =
                pid > 1
                        && pid <= Integer.MAX_VALUE
                        && kin.of((int) pid) == RunMembership.Degree.OF_THE_RUN;
        if (known) {
            runReporter.say(new Notification.MainPid((int) pid));
        } else {
            disbelieve("MAINPID, which names none of its processes");
        }
    }

    /** A whole number; 0 if it is none. */
    private static long number(String text) {
        boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && !text.isEmpty() && text.length() <= MOST_DIGITS ? Long.parseLong(text) : 0;
    }

    @Override
    public void close() {
        inbox.close();
    }
}
