package org.procmon.control.server.calls;

import java.util.ArrayList;
import java.util.List;
import org.procmon.config.Signal;
import org.procmon.control.protocol.Call;
import org.procmon.control.protocol.ErrorName;
import org.procmon.control.protocol.Method;
import org.procmon.control.server.replies.CallReply;
import org.procmon.events.Actor;
import org.procmon.events.EventLog;
import org.procmon.events.MonitorEvent;
import org.procmon.events.MonitorEvent.Outcome;

/**
 * Reports to the log and the chronicle which user requested which change, and its result: one line
 * for each call, whatever its names contain. Calls that change nothing are limited per user, or
 * they would fill both. Thread-safe.
 */
final class Audit {
    /** How many names are reported, and how many characters they have together. */
    private static final int MOST_NAMES = 20;

    private static final int LONGEST_NAMES = 512;
    private static final int LONGEST_TEXT = 256;

    private final EventLog eventLog;
    private final ClientLog log;

    Audit(EventLog eventLog, ClientLog log) {
        this.eventLog = eventLog;
        this.log = log;
    }

    /** A call was answered. */
    void note(Method method, Call call, CallerRights rights, CallReply callReply) {
        CallReply first =
                callReply instanceof CallReply.ThenRun thenRun ? thenRun.answer() : callReply;
        if (first instanceof CallReply.TextReply textReply && !textReply.error().isEmpty()) {
            boolean refused = textReply.error().equals(ErrorName.NOT_PERMITTED.wireName());
            note(
                    method,
                    call,
                    rights,
                    refused ? Outcome.REFUSED : Outcome.FAILED,
                    words(textReply));
        } else {
            boolean known = call.waits() && !call.oneway();
            note(method, call, rights, known ? Outcome.DONE : Outcome.ACCEPTED, "");
        }
    }

    /** The monitor stopped before it could answer a call. */
    void noteUnanswered(Method method, Call call, CallerRights rights) {
        note(method, call, rights, Outcome.FAILED, "the monitor stopped before it was done");
    }

    private void note(
            Method method, Call call, CallerRights rights, Outcome outcome, String reason) {
        boolean isBad = outcome == Outcome.REFUSED || outcome == Outcome.FAILED;
        Actor actor = rights.caller();
        if (isBad && !rights.isOwn() && !log.admits(actor.user())) {
            return;
        }
        MonitorEvent.Commanded what =
                new MonitorEvent.Commanded(
                        verb(method, call),
                        shortened(call.names()),
                        actor,
                        outcome,
                        shortened(reason));
        eventLog.add(what);
        ClientLog.command(what);
    }

    private static String verb(Method method, Call call) {
        String name = method.wireName().substring(method.wireName().lastIndexOf('.') + 1);
        return Signal.parse(call.signal()).map(signal -> name + " " + signal.word()).orElse(name);
    }

    private static String words(CallReply.TextReply error) {
        List<String> parameters = error.parameters();
        for (int i = 0; i < parameters.size(); i += 2) {
            if (parameters.get(i).equals("reason")) {
                return parameters.get(i + 1);
            }
        }
        String kind = error.error().substring(error.error().lastIndexOf('.') + 1);
        return parameters.isEmpty() ? kind : kind + " " + parameters.getLast();
    }

    private static List<String> shortened(List<String> names) {
        List<String> some = new ArrayList<>();
        int left = LONGEST_NAMES;
        for (String name : names) {
            if (some.size() == MOST_NAMES || left <= 0) {
                some.add("and " + (names.size() - some.size()) + " more");
                return some;
            }
            some.add(shortened(name));
            left -= some.getLast().length();
        }
        return some;
    }

    private static String shortened(String text) {
        boolean inPair =
                text.length() > LONGEST_TEXT
                        && Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1));
        return text.length() <= LONGEST_TEXT
                ? text
                : text.substring(0, inPair ? LONGEST_TEXT - 1 : LONGEST_TEXT) + "...";
    }
}
