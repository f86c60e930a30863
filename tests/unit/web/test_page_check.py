"""The page check finds what it promises to find, and lets a right page pass."""

import pytest

from tests.pagecheck import check_page

RIGHT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Bandwidth · Belay</title></head>
<body><main>
<h1>Bandwidth</h1><h2 id="hours">Hours</h2>
<form action="/bandwidth" method="post"><input type="hidden" name="csrf_token" value="x">
<label for="h">Hours</label><input id="h" name="h" aria-describedby="hours"><button>Save</button></form>
<a href="#hours">Hours</a><img src="/a.svg" alt=""><svg aria-hidden="true"></svg>
<table><tr><th scope="row">March</th><td>4</td></tr></table>
</main></body></html>"""


def test_a_right_page_has_no_problems() -> None:
    assert check_page(RIGHT) == []


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ("<!doctype html>\n", "", "no <!doctype html>"),
        (' lang="en"', "", "<html> has no lang"),
        ("Bandwidth · Belay", " · Belay", "the title is empty"),
        ("<h1>Bandwidth</h1>", "", "0 <h1> instead of one"),
        ("<h1>Bandwidth</h1>", "<h1>A</h1><h1>B</h1>", "2 <h1> instead of one"),
        ('<h2 id="hours">Hours</h2>', '<h3 id="hours">Hours</h3>', "skips a level"),
        ('<h2 id="hours">', '<h2 id="h">', 'the id "h" is used 2 times'),
        ('<label for="h">', '<label for="x">', '<input id="h" name="h"> has no label'),
        ('<label for="h">Hours</label>', '<label for="h"></label>', "has no label"),
        ('aria-describedby="hours"', 'aria-describedby="gone"', 'refers to "gone"'),
        (' action="/bandwidth"', "", "names no action"),
        (' method="post"', "", "names no method"),
        ('name="csrf_token" value="x"', 'name="csrf_token" value=""', "carries no CSRF token"),
        ("<h1>", '<h1 style="color:red">', "has style="),
        ("<h1>", '<h1 onclick="go()">', "has onclick="),
        ("<h1>", '<h1 hx-on:click="go()">', "has hx-on:click="),
        ("</main>", "<script>go()</script></main>", "an inline <script>"),
        ("</head>", "<style>p{}</style></head>", "an inline <style>"),
        ("</head>", '<script src="//cdn.example/x.js"></script></head>', "loads from elsewhere"),
        (' alt=""', "", "has no alt"),
        ('<svg aria-hidden="true">', "<svg>", "neither hidden nor named"),
        ('<a href="#hours">Hours</a>', '<a href="/x"></a>', "has no text"),
        ('<a href="#hours">Hours</a>', "<a>Hours</a>", "leads nowhere"),
        ('<a href="#hours">', '<a href="#gone">', "leads nowhere on this page"),
        ('<a href="#hours">', '<a href="javascript:go()">', "runs a script"),
        ('<th scope="row">March</th>', "<td>March</td>", "has no header cell"),
        ("</main>", "</div></main>", "invalid HTML"),
        ("</main>", "<p><div>a</div></p></main>", "invalid HTML"),
    ],
)
def test_each_wrong_is_named(was: str, becomes: str, problem: str) -> None:
    assert was in RIGHT
    problems = check_page(RIGHT.replace(was, becomes))
    assert any(problem in found for found in problems), problems


def test_a_control_inside_its_label_is_labeled() -> None:
    wrapped = RIGHT.replace('<label for="h">Hours</label><input id="h" name="h"', '<label>Hours <input id="h" name="h"')
    assert check_page(wrapped.replace('aria-describedby="hours">', 'aria-describedby="hours"></label>')) == []
