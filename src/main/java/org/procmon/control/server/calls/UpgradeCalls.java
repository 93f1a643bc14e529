package org.procmon.control.server.calls;

import org.procmon.control.server.replies.CallErrors;
import org.procmon.control.server.replies.CallReply;
import org.procmon.supervise.port.Upgrader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers calls that replace the monitors. Any thread. */
final class UpgradeCalls {
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeCalls.class);

    private final Upgrader upgrader;

    UpgradeCalls(Upgrader upgrader) {
        this.upgrader = upgrader;
    }

    CallReply upgrade(boolean waits) {
        if (!waits) {
            return new CallReply.ThenRun(CallReply.TextReply.none(), this::upgradeDetached);
        }
        return switch (upgrader.prepare()) {
            case Upgrader.Outcome.Ready(Runnable replace) ->
                    new CallReply.ThenRun(CallReply.TextReply.none(), replace);
            case Upgrader.Outcome.Refused(String reason) -> CallErrors.failed("", reason);
        };
    }

    private void upgradeDetached() {
        switch (upgrader.prepare()) {
            case Upgrader.Outcome.Ready(Runnable replace) -> replace.run();
            case Upgrader.Outcome.Refused(String reason) ->
                    LOG.atWarn().addKeyValue("reason", reason).log("cannot upgrade");
        }
    }
}
