package org.procmon.app;

import java.util.HashMap;
import java.util.Map;
import org.procmon.control.server.UsageSource;
import org.procmon.memory.SessionScan;

/** What sessions use, for who asks for it. Any thread. */
final class SessionUsageSource implements UsageSource {
    @Override
    public Map<Integer, Used> now() {
        Map<Integer, Used> all = new HashMap<>();
        SessionScan.usage()
                .forEach((session, usage) ->
                        all.put(session, new Used(usage.processorTime(), usage.bytes())));
        return all;
    }
}
