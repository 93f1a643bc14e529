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
 * Tells the log and the chronicle who has asked for which change, and what has become of it: one
 * line for each call, whatever its names are made of. Of those that change nothing a user has only
 * so many, or it would fill both. Safe from any thread.
 */
final class Audit {
    /** How many names are told, and how many characters they have together. */
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
    void note(Method method, Call call, CallerRights who, CallReply callReply) {
        CallReply first =
                callReply instanceof CallReply.ThenRun thenRun ? thenRun.answer() : callReply;
        if (first instanceof CallReply.TextReply textReply && !textReply.error().isEmpty()) {
            boolean refused = textReply.error().equals(ErrorName.NOT_PERMITTED.wireName());
            note(method, call, who, refused ? Outcome.REFUSED : Outcome.FAILED, words(textReply));
        } else {
            boolean known = call.waits() && !call.oneway();
            note(method, call, who, known ? Outcome.DONE : Outcome.ACCEPTED, "");
        }
    }

    /** The monitor has ended before a call could be answered. */
    void noteUnanswered(Method method, Call call, CallerRights who) {
        note(method, call, who, Outcome.FAILED, "the monitor ended before it was done");
    }

    private void note(Method method, Call call, CallerRights who, Outcome outcome, String reason) {
        boolean isBad = outcome == Outcome.REFUSED || outcome == Outcome.FAILED;
        Actor actor = who.caller();
        if (isBad && !who.isOwn() && !log.admits("the user " + actor.user())) {
            return;
        }
        MonitorEvent what =
                new MonitorEvent.Commanded(
                        verb(method, call),
                        shortened(call.names()),
                        actor,
                        outcome,
                        shortened(reason));
        eventLog.add(what);
        if (outcome == Outcome.REFUSED) {
            log.warnAnyhow(what.text());
        } else {
            log.info(what.text());
        }
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
