/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SVD files as XML, by expat. A file is bounded in bytes, in elements and in
 * depth. It needs no document type, so one that has one is refused: that is
 * where entities come from that grow without end.
 */
#include "board/svd_xml.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------ */
/* Memory                                                               */
/* ------------------------------------------------------------------ */

enum { BLOCK_SIZE = 1 << 16 };

struct fwsim__svd_block {
    fwsim__svd_block *next;
    size_t used, size;
    max_align_t bytes[];
};

void *fwsim__svd_alloc(fwsim__svd_block **arena, size_t size)
{
    fwsim__svd_block *b = *arena;
    void *p;

    size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
    if (!b || b->size - b->used < size) {
        size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

        b = calloc(1, sizeof *b + room);
        if (!b)
            return NULL;
        b->size = room;
        b->next = *arena;
        *arena = b;
    }
    p = (char *)b->bytes + b->used;
    b->used += size;
    return p;
}

void fwsim__svd_release(fwsim__svd_block *arena)
{
    while (arena) {
        fwsim__svd_block *next = arena->next;

        free(arena);
        arena = next;
    }
}

#ifndef FWSIM_WITH_SVD

int fwsim__svd_tree(fwsim__svd_block **arena, fwsim__svd_node **root,
                    const fwsim__text_source *source)
{
    (void)arena;
    (void)root;
    return fwsim__text_fail(source, (fwsim__text_mark){ 0 }, FWSIM_ENOTSUP,
                            "this fwsim was built without expat");
}

#else

#include <expat.h>

enum { BYTES_MAX = 64 << 20, NODES_MAX = 2 << 20, DEPTH_MAX = 64 };

typedef struct parser {
    const fwsim__text_source *source;
    XML_Parser xml;
    fwsim__svd_block **arena;
    fwsim__svd_node *root, *open; /* NULL: none */
    unsigned depth, skipped;      /* of elements; of those, not kept */
    size_t nodes;
    char *text; /* of the open element */
    size_t text_size, text_room;
    int err; /* what has stopped the parser */
} parser;

static fwsim__text_mark here(const parser *p)
{
    return (fwsim__text_mark){ XML_GetCurrentLineNumber(p->xml),
                               XML_GetCurrentColumnNumber(p->xml) + 1 };
}

static void stop(parser *p, int err)
{
    p->err = err;
    XML_StopParser(p->xml, XML_FALSE);
}

static void refuse(parser *p, const char *what)
{
    stop(p, fwsim__text_fail(p->source, here(p), FWSIM_EFORMAT, "%s", what));
}

static void no_memory(parser *p)
{
    stop(p, fwsim__text_fail(p->source, here(p), FWSIM_ENOMEM,
                             "out of memory"));
}

/* ------------------------------------------------------------------ */
/* Texts                                                                */
/* ------------------------------------------------------------------ */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/** A copy without blanks around it, and one blank where there are more. */
static const char *copy_text(parser *p, const char *text, size_t size)
{
    char *copy = fwsim__svd_alloc(p->arena, size + 1);
    size_t n = 0;

    for (size_t i = 0; copy && i < size; i++) {
        if (!is_blank(text[i]))
            copy[n++] = text[i];
        else if (n && copy[n - 1] != ' ')
            copy[n++] = ' ';
    }
    if (copy)
        copy[n && copy[n - 1] == ' ' ? n - 1 : n] = 0;
    return copy;
}

static void XMLCALL on_text(void *user, const XML_Char *s, int n)
{
    parser *p = user;
    size_t size = (size_t)n;

    if (p->skipped || !p->open || p->err)
        return;
    if (p->text_room - p->text_size < size) {
        size_t room = (p->text_room + size) * 2;
        char *more = realloc(p->text, room);

        if (!more) {
            no_memory(p);
            return;
        }
        p->text = more;
        p->text_room = room;
    }
    memcpy(p->text + p->text_size, s, size);
    p->text_size += size;
}

/* ------------------------------------------------------------------ */
/* Elements                                                             */
/* ------------------------------------------------------------------ */

static fwsim__svd_tag tag_of(const char *name)
{
    static const char *const names[] = {
#define X(name, text) text,
        FWSIM__SVD_TAGS(X)
#undef X
    };
    unsigned tag = 0;

    while (tag < FWSIM__SVD_TAG_COUNT && strcmp(names[tag], name) != 0)
        tag++;
    return tag;
}

static fwsim__svd_node *add_node(parser *p, fwsim__svd_tag tag,
                                 const XML_Char **attributes)
{
    fwsim__svd_node *n = fwsim__svd_alloc(p->arena, sizeof *n);

    if (!n)
        return NULL;
    n->tag = tag;
    n->text = "";
    n->line = here(p).line;
    n->column = here(p).column;
    n->parent = p->open;
    for (; attributes[0]; attributes += 2)
        if (strcmp(attributes[0], "derivedFrom") == 0 &&
            !(n->derived_from = copy_text(p, attributes[1],
                                          strlen(attributes[1]))))
            return NULL;
    if (n->parent && n->parent->last)
        n->parent->last->next = n;
    else if (n->parent)
        n->parent->first = n;
    if (n->parent)
        n->parent->last = n;
    return n;
}

static void XMLCALL on_start(void *user, const XML_Char *name,
                             const XML_Char **attributes)
{
    parser *p = user;
    fwsim__svd_tag tag = tag_of(name);

    if (p->err)
        return;
    if (++p->depth > DEPTH_MAX) {
        refuse(p, "elements in elements in elements: too deep for an SVD file");
    } else if (!p->open && !p->skipped && tag != FWSIM__SVD_DEVICE) {
        refuse(p, "this is no SVD file: expected the element 'device'");
    } else if (p->skipped || tag == FWSIM__SVD_TAG_COUNT) {
        p->skipped++;
    } else if (++p->nodes > NODES_MAX) {
        refuse(p, "more elements than the registers of any chip need");
    } else {
        fwsim__svd_node *n = add_node(p, tag, attributes);

        if (!n) {
            no_memory(p);
            return;
        }
        if (!p->root)
            p->root = n;
        p->open = n;
        p->text_size = 0;
    }
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    parser *p = user;

    (void)name;
    if (p->err)
        return;
    p->depth--;
    if (p->skipped) {
        p->skipped--;
        return;
    }
    /* Text between elements is layout. */
    if (!p->open->first && p->text_size &&
        !(p->open->text = copy_text(p, p->text, p->text_size))) {
        no_memory(p);
        return;
    }
    p->text_size = 0;
    p->open = p->open->parent;
}

static void XMLCALL on_doctype(void *user, const XML_Char *name,
                               const XML_Char *system, const XML_Char *public,
                               int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(user, "this is no SVD file: it has a document type");
}

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

static int parse(parser *p, const char *data, size_t size)
{
    XML_SetUserData(p->xml, p);
    XML_SetElementHandler(p->xml, on_start, on_end);
    XML_SetCharacterDataHandler(p->xml, on_text);
    XML_SetStartDoctypeDeclHandler(p->xml, on_doctype);
    if (size == 0)
        return fwsim__text_fail(p->source, (fwsim__text_mark){ 0 },
                                FWSIM_EFORMAT, "the file is empty");
    if (XML_Parse(p->xml, data, (int)size, XML_TRUE) == XML_STATUS_OK ||
        p->err)
        return p->err;
    if (XML_GetErrorCode(p->xml) == XML_ERROR_NO_MEMORY)
        return fwsim__text_fail(p->source, (fwsim__text_mark){ 0 },
                                FWSIM_ENOMEM, "out of memory");
    return fwsim__text_fail(p->source, here(p), FWSIM_EFORMAT,
                            "this is no XML: %s",
                            XML_ErrorString(XML_GetErrorCode(p->xml)));
}

int fwsim__svd_tree(fwsim__svd_block **arena, fwsim__svd_node **root,
                    const fwsim__text_source *source)
{
    parser p = { .source = source, .arena = arena };
    const char *data;
    size_t size;
    char *loaded;
    int err = fwsim__text_load(source, BYTES_MAX, &data, &size, &loaded);

    if (err)
        return err;
    if (size > BYTES_MAX) {
        err = fwsim__text_fail(source, (fwsim__text_mark){ 0 }, FWSIM_EFORMAT,
                               "larger than %d bytes", BYTES_MAX);
    } else if (!(p.xml = XML_ParserCreate(NULL))) {
        err = FWSIM_ENOMEM;
    } else {
        err = parse(&p, data, size);
        XML_ParserFree(p.xml);
    }
    free(p.text);
    free(loaded);
    *root = p.root;
    return err;
}

#endif
