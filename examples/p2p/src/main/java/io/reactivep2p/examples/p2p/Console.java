package io.reactivep2p.examples.p2p;

/** Where a command tells its events: to a person or to a program. May be called from any thread; blocks as its stream does. */
sealed interface Console permits HumanConsole, JsonConsole {

    void tell(CliEvent event);

    /** Something a person wants to know beside the events; a program does not. */
    void remark(String text);

    /** How a transfer of {@code bytes} goes on, if anyone watches. */
    Progress progress(String task, long bytes);
}
